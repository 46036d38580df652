using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnUndisturbedSeason_Verifies(int seed)
    {
        var setting = new Setting(seed, Severity.None, 12);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var end = OnThread.Run(() => new World.Simulation(new Play(setting, FaultRanges.None) { Trace = true }), simulation => simulation.Run(), output.WriteLine);
        output.WriteLine($"{watch.Elapsed} {end.Tally}");
        foreach (var (name, value) in end.Facts)
            output.WriteLine($"{name} {value}");
    }
}

static class OnThread
{
    public static End Run(Func<World.Simulation> make, Func<World.Simulation, End> run, Action<string> say)
    {
        End? end = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            World.Simulation? simulation = null;
            try
            {
                simulation = make();
                end = run(simulation);
            }
            catch (Exception caught)
            {
                failure = caught;
                foreach (var line in simulation?.Trace.Last ?? [])
                    say(line);
            }
        }, 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return failure is null ? end! : throw new InvalidOperationException(failure.ToString(), failure);
    }
}
