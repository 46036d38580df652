using Backstake.Benchmarks.Scale;
using Backstake.Servers;

namespace Backstake.Benchmarks;

/// <param name="Vaults">On Azurite.</param>
/// <param name="Backers">Of each vault.</param>
/// <param name="Chunk">So many vaults' settlements by the app and by hand turn about.</param>
/// <param name="InMemory">Numbers of vaults of a worker by itself.</param>
internal sealed record SettleSize(int Vaults, int Backers, int Chunk, params int[] InMemory)
{
    public static readonly SettleSize Full = new(1_000, 100, 50, 1_000, 3_000, 10_000);
}

/// <summary>
/// Settling many vaults: on Azurite beside the raw operations that it needs, spoken by hand; a week's storage transactions, counted; and a worker's memory and time over more and more vaults.
/// </summary>
internal static class SettleBenchmark
{
    public const string Part = "settle";

    private const int AtOnce = 8;
    private const double RatioMost = 1.5;
    private const double TransactionsMost = 35; // of a vault and week; LIMITS.md 4 finds 26 the least
    private const double FlatMost = 1.25;
    private const double LinearMost = 1.5; // a vault's cost among many, to one among few

    /// <param name="run">Runs the weeks of so many vaults on this storage.</param>
    public static async Task<Figures> Run(SettleSize size, Func<string, int, Task<IReadOnlyDictionary<string, double>>> run)
    {
        var figures = new Figures("settle");
        await OnAzurite(figures, size);
        await InMemory(figures, size, run);
        return figures;
    }

    private static async Task OnAzurite(Figures figures, SettleSize size)
    {
        await using var azurite = await Azurite.StartAsync();
        var known = new Worker(azurite.ConnectionString);
        await known.Prepare();
        using var raw = new RawSettlement(azurite);
        var vaults = Enumerable.Range(1, size.Vaults).Select(MadeVault.Name).ToList();
        await Each(vaults, vault => MadeVault.Put(known, vault, size.Backers));
        var passes = new List<double>();
        var (app, byHand, fresh) = (new Cost(), new Cost(), 0L);
        foreach (var (index, chunk) in vaults.Chunk(size.Chunk).Index())
        {
            known.Requests.Clear();
            await VaultWeek.Run(known, chunk, 2, AtOnce);
            figures["transactions_of_a_vault_week"] = known.Requests.Total / (double)chunk.Length;
            foreach (var (kind, count) in known.Requests.ByKind) figures[$"of_which_{kind}"] = count / (double)chunk.Length;

            for (var round = 1; round <= VaultWeek.Rounds; round++) await Each(chunk, vault => VaultWeek.Close(known, vault, 3, round));
            var shapes = new List<SettlementShape>();
            foreach (var vault in chunk) shapes.Add(await SettlementShape.Of(known, vault));
            var worker = new Worker(azurite.ConnectionString); // remembers nothing of the vaults
            var (before, beforeRaw) = (app.Seconds, byHand.Seconds);
            if (index % 2 == 0) await app.Add(() => Each(chunk, vault => VaultWeek.Settle(worker, vault, 3)));
            await byHand.Add(() => Each(shapes, raw.Do));
            if (index % 2 == 1) await app.Add(() => Each(chunk, vault => VaultWeek.Settle(worker, vault, 3)));
            if (index > 0) passes.Add((app.Seconds - before) / (byHand.Seconds - beforeRaw)); // the first warms both up
            fresh += worker.Requests.Total;
        }

        var ratio = LogBenchmark.Median(passes);
        figures["requests_of_a_settlement_by_a_fresh_worker"] = fresh / (double)size.Vaults;
        figures["raw_requests_of_a_settlement"] = RawSettlement.Requests;
        figures["settlement_ms"] = app.Seconds * 1e3 / size.Vaults;
        figures["raw_settlement_ms"] = byHand.Seconds * 1e3 / size.Vaults;
        figures["settlement_times_raw"] = ratio;
        figures.Reach($"settling {size.Vaults} vaults × {size.Backers} backers at most {RatioMost} × the raw operations", ratio <= RatioMost);
        figures.Reach($"a vault's week in at most {TransactionsMost} storage transactions", figures["transactions_of_a_vault_week"] <= TransactionsMost);
    }

    private static async Task InMemory(Figures figures, SettleSize size, Func<string, int, Task<IReadOnlyDictionary<string, double>>> run)
    {
        var results = new List<IReadOnlyDictionary<string, double>>();
        foreach (var vaults in size.InMemory)
        {
            await using var storage = await MemoryServer.Start();
            var maker = new Worker(storage.ConnectionString);
            await maker.Log.Prepare(default);
            await maker.Blobs.Prepare(default);
            await Each([.. Enumerable.Range(1, vaults).Select(MadeVault.Name)], vault => MadeVault.Put(maker, vault, size.Backers));
            results.Add(await run(storage.ConnectionString, vaults));
            foreach (var (name, value) in results[^1]) figures[$"{name}_{vaults}_vaults"] = value;
        }

        var (cost, memory) = (results.Select(one => one["cpu_ms_of_a_vault_week"]).ToList(), results.Select(one => one["peak_mib"]).ToList());
        figures.Reach($"{size.InMemory[^1]} vaults × {size.Backers} backers: memory at most {FlatMost} × that of {size.InMemory[0]} vaults", memory[^1] <= FlatMost * memory[0]);
        figures.Reach($"a vault's cost among {string.Join(", ", size.InMemory)} at most {LinearMost} × that among the fewest", cost.Max() <= LinearMost * cost[0]);
    }

    private static Task Each<T>(IReadOnlyList<T> all, Func<T, Task> act) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await act(one));
}
