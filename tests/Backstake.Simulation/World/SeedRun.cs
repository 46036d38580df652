using System.Collections.Concurrent;
using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.World;

/// <summary>What one seed gave.</summary>
/// <param name="Failure">Null: everything held.</param>
public sealed record SeedResult(int Seed, Severity Severity, SimulationFailure? Failure, Tally? Tally, string TraceDigest, IReadOnlyList<string> Trace);

/// <summary>Plays a seed: disturbed, and where its faults may change nothing, compared with the undisturbed season, which is played once for all that share it.</summary>
public static class SeedRun
{
    public const int Weeks = 12;
    const int SeedsOfASeason = 4;

    static readonly ConcurrentDictionary<(int Season, int Weeks), Lazy<(End? End, SimulationFailure? Failure)>> Undisturbed = new();

    public static Severity SeverityOf(int season) => new Setting(season, Severity.None, 1).IsMild ? Severity.Mild : Severity.Wild;

    /// <summary>The season that a seed of many disturbs: some share one, each with faults of its own.</summary>
    public static int SeasonOf(int seed) => seed - (seed % SeedsOfASeason);

    /// <param name="season">The seed of its vaults, people, rounds and acts; null: the same.</param>
    public static SeedResult Play(int seed, int? season = null, int weeks = Weeks, bool trace = false, Func<Play, Play>? change = null)
    {
        var played = season ?? seed;
        var severity = SeverityOf(played);
        var disturbed = One(played, severity, weeks, trace, play => (change?.Invoke(play) ?? play) with { Faults = Swarm.Of(seed, severity), Seed = seed });
        if (disturbed.Failure is not null || severity != Severity.Mild)
            return disturbed.Result(seed, severity);
        var (end, failure) = Undisturbed.GetOrAdd((played, weeks), _ => new(() => One(played, Severity.None, weeks, false, null) is var once ? (once.End, once.Failure) : default)).Value;
        if (failure is not null)
            return disturbed.Result(seed, Severity.None) with { Failure = failure };
        if (EndFacts.Difference(end!.Facts, disturbed.End!.Facts) is { } difference)
            disturbed = disturbed with { Failure = new SimulationFailure(Check.OtherEnd, difference) };
        return disturbed.Result(seed, severity);
    }

    /// <summary>A season, with faults by its own seed.</summary>
    public static SeedOnce One(int season, Severity severity, int weeks, bool trace, Func<Play, Play>? change)
    {
        SeedOnce? once = null;
        // A thread of its own, without a synchronisation context, and with a stack that no chain of continuations fills.
        var thread = new Thread(() => once = Once(season, severity, weeks, trace, change), 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return once!;
    }

    static SeedOnce Once(int season, Severity severity, int weeks, bool trace, Func<Play, Play>? change)
    {
        var play = new Play(new Setting(season, severity, weeks), Swarm.Of(season, severity)) { Trace = trace };
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
