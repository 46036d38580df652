using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Benchmarks.Scale;

/// <summary>One vault with very many backers, from its first deposit until everybody has left.</summary>
internal static class LargeVault
{
    public const string Name = "0x00000000000000000000000000000000000000ff";

    private const int AtOnce = 1_000; // deposits that are held in memory to be appended

    /// <summary>Of this process the processor time of each step, ms, and the most memory, MiB. Each step is a cold worker's: it remembers nothing of the vault.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> Run(string connection, int backers)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var first = new Worker(connection);
        await first.Log.Prepare(default);
        await first.Blobs.Prepare(default);
        await first.Append(Name, History.Added(Name), History.Offered());
        await Measure("deposits", async worker =>
        {
            foreach (var some in Enumerable.Range(1, backers).Chunk(AtOnce)) await worker.Append(Name, [.. some.Select(History.DepositOf)]);
        });
        await Measure("settle", worker => worker.Settle(Name));
        await Measure("statement", async worker =>
        {
            var (backer, books) = (History.BackerOf(backers), (await worker.Store.Load(Name, default)).Books);
            var held = books.Series.Values.Select(series => series.Holders.Of(backer)).Concat(books.Tranches.Values.Select(tranche => tranche.Holders.Of(backer)));
            if (held.Single(units => !units.IsZero) != new Units(1)) throw new InvalidOperationException("The last backer holds one unit.");
        });
        await Measure("export", async worker =>
        {
            var file = await new VaultHistory(worker.Log).Read(await worker.Store.Load(Name, default), default);
            if (file.Events.Length != backers + 1 || file.Write().Length < 100 * backers) throw new InvalidOperationException("An export holds every event.");
        });
        await Measure("everybody_leaves", worker => worker.Settle(Name, new NewEntry("windDown", new Booked(new WindDown()), History.FirstCut.AddDays(1), new ChainSource(30, "0xbeef", 0))));
        figures["peak_mib"] = Child.PeakMebibytes();
        return figures;

        async Task Measure(string step, Func<Worker, Task> act)
        {
            var cost = new Cost();
            await cost.Add(() => act(new Worker(connection)));
            figures[$"{step}_cpu_ms"] = cost.Processor.TotalMilliseconds;
            figures[$"{step}_s"] = cost.Seconds;
        }
    }
}
