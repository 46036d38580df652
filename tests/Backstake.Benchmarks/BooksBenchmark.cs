using System.Diagnostics;

namespace Backstake.Benchmarks;

/// <summary>The fast books beside the reference and beside the floor, all in one run, so that the ratios hold on a noisy machine too.</summary>
internal static class BooksBenchmark
{
    public static Figures Run()
    {
        var figures = new Figures("books");
        foreach (var (series, rounds) in ((int, int)[])[(200, 64), (20_000, 64)])
        {
            var size = $"_{series}x{rounds}";
            var fast = new KernelOfBooks(series, rounds);
            var (kernel, floor) = fast.Nanoseconds();
            var reference = new KernelOfReference(series, rounds).Nanoseconds();
            figures[$"kernel_ns{size}"] = kernel;
            figures[$"kernel_round_amounts_ns{size}"] = new KernelOfBooks(series, rounds, roundAmounts: true).Nanoseconds().Kernel;
            figures[$"reference_ns{size}"] = reference;
            figures[$"bigint_array_ns{size}"] = fast.BigIntegerNanoseconds();
            figures[$"floor_ns{size}"] = floor;
            figures.Reach($"kernel at least 30 × the reference{size}", reference >= 30 * kernel);
            figures.Reach($"kernel within 10 × the floor{size}", kernel <= 10 * floor);
        }

        var season = Season.Fast();
        var referenceSeason = Season.Reference();
        figures["season_ms"] = season.Milliseconds;
        figures["season_reference_ms"] = referenceSeason;
        figures["allocated_bytes_per_week"] = season.BytesPerWeek;
        figures["allocated_bytes_per_week_and_series"] = season.BytesPerWeek / Season.SeriesCount;
        figures.Reach("season at least 15 × the reference", referenceSeason >= 15 * season.Milliseconds);
        var (eventsPerSecond, openBytes) = LongReplay.Measure();
        figures["replay_events_per_s"] = eventsPerSecond;
        figures["replay_most_bytes_kept"] = openBytes;
        figures["simulate_ms_10000_paths_of_60_rounds"] = Command.SimulateMilliseconds();
        figures.Reach("10,000 paths of 60 rounds below 2 s of one core", figures["simulate_ms_10000_paths_of_60_rounds"] < 2_000);
        figures["start_ms"] = Command.StartMilliseconds();
        figures.Reach("replay at least 500,000 events/s", eventsPerSecond >= 500_000);
        figures.Reach("start below 120 ms", figures["start_ms"] < 120);
        foreach (var series in (int[])[100, 1_000, 10_000, 100_000]) figures[$"week_ns_per_unit_state_{series}x8"] = Season.NanosecondsPerUnitState(series, 8);
        foreach (var backers in (int[])[1, 10_000]) figures[$"settle_us_20_series_of_{backers}_backers"] = Season.SettleMicroseconds(20, backers);

        return figures;
    }

    /// <summary>The best of a few runs: other work on the machine only ever slows it.</summary>
    internal static double BestMilliseconds(int runs, Action action)
    {
        var best = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var watch = Stopwatch.StartNew();
            action();
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }

        return best;
    }
}
