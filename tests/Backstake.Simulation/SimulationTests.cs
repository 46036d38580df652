using System.Collections.Concurrent;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// The app under every fault, from seeds. <c>BACKSTAKE_SEEDS</c>: how many; <c>BACKSTAKE_SEED</c>: the first one. A seed that fails is printed as the one
/// command that plays it again; it then belongs on the list of <see cref="OnceFailed"/>.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    const int SeedsUsually = 300;
    const int SeedsDeep = 10_000;
    const int FailuresShown = 5;

    /// <summary>Seeds that found something once, and the seasons that they disturbed.</summary>
    public static TheoryData<int, int> OnceFailed => new() { { 1, 1 }, { 4, 4 }, { 5, 5 }, { 20, 20 }, { 74, 74 }, { 97, 96 }, { 221, 220 }, { 393, 392 }, { 504, 504 }, { 1386, 1384 } };

    static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : null;

    [Fact]
    public void Seeds_HoldEveryPromise()
    {
        var first = Setting("BACKSTAKE_SEED") ?? 1;
        var count = Setting("BACKSTAKE_SEEDS") ?? (Setting("BACKSTAKE_SEED") is not null ? 1 : Setting("BACKSTAKE_DEEP") is not null ? SeedsDeep : SeedsUsually);
        var results = new ConcurrentBag<SeedResult>();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Parallel.ForEach(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            results.Add(SeedRun.Play(seed, SeedRun.SeasonOf(seed), trace: count == 1));
            if (results.Count(result => result.Failure is not null) >= FailuresShown)
                state.Stop();
        });
        foreach (var failed in results.Where(result => result.Failure is not null).OrderBy(result => result.Seed))
        {
            foreach (var line in failed.Trace.TakeLast(count == 1 ? 400 : 60))
                output.WriteLine(line);
            output.WriteLine($"seed {failed.Seed} ({failed.Severity}): {failed.Failure!.Message}");
            output.WriteLine($"BACKSTAKE_SEED={failed.Seed} dotnet test tests/Backstake.Simulation -c Release --filter {nameof(Seeds_HoldEveryPromise)}");
        }

        if (count == 1)
            File.WriteAllLines(Path.Combine(Path.GetTempPath(), $"backstake-seed-{first}.txt"), results.Single().Trace);
        var tallies = results.Select(result => result.Tally).OfType<Tally>().ToList();
        output.WriteLine($"{results.Count} seeds in {watch.Elapsed.TotalSeconds:0} s, {System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds / results.Count:0.00} s of a processor each; "
            + $"{tallies.Sum(it => it.Events)} things happened: {tallies.Sum(it => it.Delivered)} messages, {tallies.Sum(it => it.Crashes)} crashes, {tallies.Sum(it => it.Reorgs)} reorgs, "
            + $"{tallies.Sum(it => it.Transactions)} transactions, {tallies.Sum(it => it.Poisoned)} messages put aside, {tallies.Sum(it => it.Triggered)} rounds told by a webhook first, {tallies.Sum(it => it.Staked)} staked, {tallies.Sum(it => it.Missed)} missed, "
            + $"{tallies.Sum(it => it.Settled)} weeks settled, {tallies.Sum(it => it.Appended)} events");
        Assert.Equal([], results.Where(result => result.Failure is not null).OrderBy(result => result.Seed).Select(result => $"seed {result.Seed}: {result.Failure!.Message}"));
        Assert.Equal(count, results.Count);
        Assert.True(tallies.Sum(it => it.Staked) > 0 && tallies.Sum(it => it.Triggered) > 0 && tallies.Sum(it => it.Settled) >= count * SeedRun.Weeks, "A season in which nothing is triggered, staked or settled shows nothing.");
    }

    [Theory]
    [MemberData(nameof(OnceFailed))]
    public void ASeedThatOnceFailed_Holds(int seed, int season) => Assert.Null(SeedRun.Play(seed, season).Failure);
}
