using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Backstake.Benchmarks.Scale;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;

namespace Backstake.Benchmarks;

/// <summary>How much is appended: in each pass so many turns, in each turn so often to every vault; and how many passes.</summary>
/// <param name="WarmUp">Turns of eight vaults before anything counts: until the compiler has made its last versions.</param>
internal sealed record LogSize(int Turns = 20, int Appends = 20, int Passes = 5, int WarmUp = 40);

/// <summary>
/// Appending by the app's own storage code, an event at a time, beside entity group transactions of three rows of the same sizes, spoken by hand to the same Azurite. A few vaults' appends turn
/// about, and the median of the passes' ratios: so it holds on a noisy machine too.
/// </summary>
internal static class LogBenchmark
{
    private const double RatioLeast = 0.7;

    public static async Task<Figures> Run(LogSize size)
    {
        await using var azurite = await Azurite.StartAsync();
        using var raw = new RawTables(azurite, LogTable.TableName);
        var worker = new Worker(azurite.ConnectionString);
        await worker.Prepare();
        var figures = new Figures("log");
        for (var turn = 0; turn < size.WarmUp; turn++)
        {
            await App(worker, size, 8, new Cost());
            await Raw(raw, size, 8, new Cost());
        }

        foreach (var workers in (int[])[1, 8])
        {
            var passes = new List<(Cost App, Cost Raw)>();
            for (var pass = 0; pass < size.Passes; pass++)
            {
                var (app, byHand) = (new Cost(), new Cost());
                for (var turn = 0; turn < size.Turns; turn++)
                {
                    if (turn % 2 == 0) await App(worker, size, workers, app);
                    await Raw(raw, size, workers, byHand);
                    if (turn % 2 == 1) await App(worker, size, workers, app);
                }

                passes.Add((app, byHand));
            }

            var ratio = Median(passes.Select(pass => pass.Raw.Seconds / pass.App.Seconds));
            var appends = (double)size.Turns * workers * size.Appends;
            figures[$"appends_per_s_{workers}_at_once"] = appends / Median(passes.Select(pass => pass.App.Seconds));
            figures[$"raw_per_s_{workers}_at_once"] = appends / Median(passes.Select(pass => pass.Raw.Seconds));
            figures[$"append_own_cpu_us_{workers}_at_once"] = Median(passes.Select(pass => pass.App.Processor.TotalMicroseconds)) / appends;
            figures[$"raw_own_cpu_us_{workers}_at_once"] = Median(passes.Select(pass => pass.Raw.Processor.TotalMicroseconds)) / appends;
            figures[$"ratio_{workers}_at_once"] = ratio;
            figures.Reach($"appending at least {RatioLeast} of raw, {workers} at once", ratio >= RatioLeast);
        }

        return figures;
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task App(Worker worker, LogSize size, int workers, Cost cost)
    {
        var vaults = Enumerable.Range(0, workers).Select(_ => NewVault()).ToList();
        foreach (var vault in vaults) await worker.Append(vault, History.Added(vault), History.Offered());
        await cost.Add(() => Task.WhenAll(vaults.Select(vault => worker.Store.Run(vault, async work =>
        {
            for (var number = 1; number <= size.Appends; number++) await work.Append(default, History.DepositOf(number));
        }, default))));
    }

    private static async Task Raw(RawTables raw, LogSize size, int workers, Cost cost)
    {
        var (digest, chain, heads) = (new string('d', 64), new string('c', 64), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var i = 0; i < workers; i++)
        {
            var partition = VaultPartition.Of(NewVault());
            heads[partition] = await raw.Transact(partition, new RawRow(VaultPartition.Head, Head(2)));
        }

        var rows = Enumerable.Range(1, size.Appends).Select(History.DepositOf).Select(entry => (
            Key: new RawRow(VaultPartition.KeyRow(entry.Key), $"\"Digest\":\"{digest}\",\"Sequence\":\"1\",\"Sequence@odata.type\":\"Edm.Int64\""),
            Event: $"\"Version\":1,\"Entry\":{JsonSerializer.Serialize(Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(3, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)))},\"Chain\":\"{chain}\"")).ToList();
        await cost.Add(() => Task.WhenAll(heads.Select(async head =>
        {
            var (partition, etag) = head;
            for (var number = 1; number <= size.Appends; number++)
                etag = await raw.Transact(partition, rows[number - 1].Key, new RawRow(VaultPartition.EventRow(number + 2), rows[number - 1].Event), new RawRow(VaultPartition.Head, Head(number + 2), etag));
        })));

        string Head(long sequence) => string.Create(
            CultureInfo.InvariantCulture,
            $"\"Sequence\":\"{sequence}\",\"Sequence@odata.type\":\"Edm.Int64\",\"Chain\":\"{chain}\",\"SettledSequence\":\"0\",\"SettledSequence@odata.type\":\"Edm.Int64\"");
    }

    private static string NewVault() => "0x" + Convert.ToHexStringLower([.. Guid.NewGuid().ToByteArray(), 0, 0, 0, 1]);
}
