using System.Diagnostics;

namespace Backstake.Benchmarks;

/// <summary>What was measured: the best of a few runs, and the limit it is held to (null: none).</summary>
public sealed record Measurement(string Name, double Milliseconds, double? LimitMilliseconds = null)
{
    /// <summary>Once to warm up, then the best of <paramref name="runs"/>: other work on the machine only ever slows it.</summary>
    public static Measurement Of(string name, Action action, double? limitMilliseconds = null, int runs = 5)
    {
        action();
        var best = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var watch = Stopwatch.StartNew();
            action();
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }

        return new Measurement(name, Math.Round(best, 3), limitMilliseconds);
    }

    /// <summary>What the action allocates, and the limit; null: not measured, or none.</summary>
    public double? AllocatedMiB { get; init; }

    public double? LimitMiB { get; init; }

    public bool IsWithinLimit => (LimitMilliseconds is not { } limit || Milliseconds <= limit) && (LimitMiB is not { } most || AllocatedMiB <= most);
}
