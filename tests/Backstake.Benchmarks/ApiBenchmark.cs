using Backstake.Accounting;
using Backstake.Benchmarks.Api;
using Backstake.Benchmarks.Scale;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Benchmarks;

/// <param name="Backers">Of each vault, a unit each.</param>
/// <param name="Seconds">Of each pass.</param>
/// <param name="Passes">Of the reads and of the empty endpoint, turn about.</param>
internal sealed record ApiSize(int Vaults = 1_000, int Backers = 20, int PerSecond = 200, int Seconds = 5, int Passes = 3);

/// <summary>
/// The public reads of the app as a process of its own, at a steady rate that waits for nobody (a call's time begins when it was due), beside an endpoint that does nothing at the same rate. Clients, app
/// and storage share the machine: on Azurite, which takes more of it than the app; and on storage in memory, which takes little, as storage elsewhere takes nothing. The app has seen each vault once before: Azurite looks through a whole table for each range of it.
/// </summary>
internal static class ApiBenchmark
{
    private const double MillisecondsMost = 50;
    private const int AtOnce = 8;
    private const string Empty = "api/health";

    public static async Task<Figures> Run(ApiSize size)
    {
        var figures = new Figures("api");
        await using var azurite = await Azurite.StartAsync();
        await using (var memory = await MemoryServer.Start()) await On("memory", memory.With(azurite.ConnectionString), figures, size);
        await On("azurite", azurite.ConnectionString, figures, size);
        return figures;
    }

    private static async Task On(string storage, string connection, Figures figures, ApiSize size)
    {
        var worker = new Worker(connection);
        await worker.Prepare();
        var registry = new VaultRegistry(worker.Clients);
        await registry.Prepare(default);
        var vaults = Enumerable.Range(1, size.Vaults).Select(MadeVault.Name).ToList();
        await Parallel.ForEachAsync(vaults, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (vault, stop) =>
        {
            await Play(worker, vault, size.Backers);
            await registry.Add(new(vault, 8, "11111111-2222-3333-4444-555555555555"), stop);
        });
        await registry.SetReadUpTo(1, default);

        var log = Path.GetTempFileName();
        await using var app = await AppProcess.Start(
            FreePort.Next(), SampleSettings.With(("AzureWebJobsStorage", connection), ("RateLimits__PerMinute", "0")), Guid.NewGuid().ToString("N"), log, default);
        using var callers = new SteadyCallers(app.Address, size.PerSecond);
        var reads = new Reads(vaults, seed: 1);
        await callers.Call(size.Seconds, () => (Empty, Empty)); // until the compiler has made its last versions, and each vault and its log were read once
        await Parallel.ForEachAsync(vaults, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (vault, _) =>
        {
            await callers.Once($"api/vaults/{vault}");
            await callers.Once($"api/vaults/{vault}/submissions");
        });
        await callers.Call(size.Seconds, reads.Next);

        var (passes, empty) = (new List<IReadOnlyList<Called>>(), new List<IReadOnlyList<Called>>());
        for (var pass = 0; pass < size.Passes; pass++)
        {
            empty.Add(await callers.Call(size.Seconds, () => (Empty, Empty)));
            passes.Add(await callers.Call(size.Seconds, reads.Next));
        }

        File.Delete(log);
        Add(figures, $"{storage}_empty", empty);
        Add(figures, $"{storage}_reads", passes);
        foreach (var kind in passes.SelectMany(pass => pass).GroupBy(call => call.Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            figures[$"{storage}_{kind.Key}_p50_ms"] = Percentile(kind, 50);
            figures[$"{storage}_{kind.Key}_p99_ms"] = Percentile(kind, 99);
        }

        figures[$"{storage}_answers_that_failed"] = passes.Concat(empty).SelectMany(pass => pass).Count(call => call.Status != 200);
        figures.Reach($"every call answered with 200, storage {storage}", figures[$"{storage}_answers_that_failed"] == 0);
        figures.Reach($"p99 of reads below {MillisecondsMost} ms at {size.PerSecond}/s for {size.Vaults} vaults, storage {storage} (median of the passes)", figures[$"{storage}_reads_p99_ms"] < MillisecondsMost);
    }

    /// <summary>Of each pass by itself, then the median: what else the machine does for a moment doesn't count.</summary>
    private static void Add(Figures figures, string name, List<IReadOnlyList<Called>> passes)
    {
        foreach (var percent in (int[])[50, 99]) figures[$"{name}_p{percent}_ms"] = LogBenchmark.Median(passes.Select(pass => Percentile(pass, percent)));
        figures[$"{name}_p99_ms_of_all"] = Percentile(passes.SelectMany(pass => pass), 99);
    }

    internal static double Percentile(IEnumerable<Called> calls, int percent)
    {
        var sorted = calls.Select(call => call.Milliseconds).Order().ToList();
        return sorted[(int)Math.Ceiling(sorted.Count * percent / 100.0) - 1];
    }

    /// <summary>Two settled weeks, a result, a round under way: by the app's own code.</summary>
    private static async Task Play(Worker worker, string vault, int backers)
    {
        await worker.Append(vault, [History.Added(vault), History.Offered(), .. Enumerable.Range(1, backers).Select(History.DepositOf)]);
        await worker.Settle(vault);
        await worker.Append(vault, History.Opened(1), History.Closed(1), History.Resolved(1, Nmr.FromNmr(1)), History.Opened(2));
        await worker.Settle(vault);
        await worker.Append(vault, History.Closed(2));
    }
}
