using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.World;

/// <summary>What one seed gave.</summary>
/// <param name="Failure">Null: everything held.</param>
public sealed record SeedResult(int Seed, Severity Severity, SimulationFailure? Failure, Tally? Tally, string TraceDigest, IReadOnlyList<string> Trace);

/// <summary>Plays a seed: disturbed, and where its faults may change nothing, undisturbed too, and compares.</summary>
public static class SeedRun
{
    public const int Weeks = 12;

    public static Severity SeverityOf(int seed) => new Setting(seed, Severity.None, 1).IsMild ? Severity.Mild : Severity.Wild;

    public static SeedResult Play(int seed, int weeks = Weeks, bool trace = false, Func<Play, Play>? change = null)
    {
        var severity = SeverityOf(seed);
        var disturbed = One(seed, severity, weeks, trace, change);
        if (disturbed.Failure is not null || severity != Severity.Mild)
            return disturbed.Result(seed, severity);
        var undisturbed = One(seed, Severity.None, weeks, false, null);
        if (undisturbed.Failure is not null)
            return undisturbed.Result(seed, Severity.None);
        if (EndFacts.Difference(undisturbed.End!.Facts, disturbed.End!.Facts) is { } difference)
            disturbed = disturbed with { Failure = new SimulationFailure(Check.OtherEnd, difference) };
        return disturbed.Result(seed, severity);
    }

    public static SeedOnce One(int seed, Severity severity, int weeks, bool trace, Func<Play, Play>? change)
    {
        SeedOnce? once = null;
        // A thread of its own, without a synchronisation context, and with a stack that no chain of continuations fills.
        var thread = new Thread(() => once = Once(seed, severity, weeks, trace, change), 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return once!;
    }

    static SeedOnce Once(int seed, Severity severity, int weeks, bool trace, Func<Play, Play>? change)
    {
        var play = new Play(new Setting(seed, severity, weeks), Swarm.Of(seed, severity)) { Trace = trace };
        var simulation = new Simulation(change?.Invoke(play) ?? play);
        try
        {
            return new SeedOnce(simulation.Run(), null, simulation);
        }
        catch (SimulationFailure failure)
        {
            return new SeedOnce(null, failure, simulation);
        }
    }
}

public sealed record SeedOnce(End? End, SimulationFailure? Failure, Simulation Simulation)
{
    public SeedResult Result(int seed, Severity severity) =>
        new(seed, severity, Failure, End?.Tally, Simulation.Trace.Digest, Simulation.Trace.All ?? (Failure is null ? [] : [.. Simulation.Trace.Last]));
}
