using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Benchmarks.Scale;

/// <summary>
/// Vaults that have settled their first week, each backer with a unit. Folded, hashed and stored by the app's own code; but of the log only the last two events are written, since no step reads what
/// lies before a settlement: so ten thousand of them fit into a test machine's memory.
/// </summary>
internal static class MadeVault
{
    public static string Name(int number) => $"0x{number:x40}";

    public static async Task Put(Worker worker, string vault, int backers)
    {
        var deposits = Enumerable.Range(1, backers).Select(History.DepositOf).ToList();
        var state = VaultState.Empty(vault);
        foreach (var entry in deposits.SkipLast(1).Prepend(History.Offered()).Prepend(History.Added(vault))) state = state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain));
        var before = new LogHead(state.Sequence, state.Chain, 0, default);
        var last = LogEntry.Place(deposits[^1], state.Sequence + 1, state.Chain);
        state = state.Apply(last);
        var documents = SettlementDocuments.Of(state);
        foreach (var document in documents.All) await worker.Blobs.Put(vault, document, default);
        var settle = new NewEntry("settle|1", documents.Event, History.FirstCut);
        var (appended, _) = await worker.Log.Append(vault, before, [deposits[^1], settle], [last, LogEntry.Place(settle, last.Sequence + 1, last.Chain)], default);
        if (appended != Appended.Done) throw new InvalidOperationException($"{vault}: {appended}.");
    }
}
