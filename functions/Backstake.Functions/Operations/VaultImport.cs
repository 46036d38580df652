using Backstake.Accounting;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Operations;

/// <summary>
/// Gives a vault its history back in a deployment that has none of it (<see cref="Cause.HistoryMissing"/>), and lets it go on. It may be said again: what a
/// first try appended is found there, and the rest follows.
/// </summary>
public sealed class VaultImport(
    VaultStore store, LogTable log, BlobStore blobs, EthereumNode node, INumerai numerai, OpenRounds rounds, ILogger<VaultImport> logger)
{
    /// <returns>The vault as its log says now; null: it has a history, and nothing is imported over it.</returns>
    /// <exception cref="HistoryRefusedException">The history isn't what the chain says: nothing was appended.</exception>
    /// <exception cref="OutsideException">Chain or Numerai can't be asked: nothing was appended.</exception>
    public async Task<VaultState?> Import(string vault, ReplayFile history, string by, string reason, CancellationToken stop)
    {
        if (await Begun(vault, stop) is not { } begun)
            return null;
        var final = await node.Finalized(stop);
        var seen = await node.Log([begun.Id, begun.Vault.Notices], begun.Vault.Block, (long)final.Number, stop);
        var known = await RoundsOf(begun.Vault.Tournament, history, stop);
        var rebuilt = HistoryOnChain.Of(begun, history, seen, (long)final.Number, final.Time, known);

        foreach (var document in rebuilt.Documents)
            await blobs.Put(vault, document, stop);
        await store.RunHalted(vault, async work =>
        {
            var missing = new List<NewEntry>();
            foreach (var entry in rebuilt.News)
            {
                if (work.State.Sequence == begun.Sequence || !await log.Holds(vault, entry, stop))
                    missing.Add(entry);
            }

            await work.Append(stop, [.. missing]);
        }, stop);
        await log.SetCursor(vault, new(rebuilt.Block, await node.HashOf(rebuilt.Block, stop), rebuilt.End.Record.LastBlock, rebuilt.End.Record.LastLogIndex), stop);
        if (known.Count > 0)
            await rounds.Remember(begun.Vault.Tournament, known.Values.MaxBy(round => round.Number)!, stop); // those that passed since are asked for
        if (rebuilt.End.Record.Halted is not null && !rebuilt.End.Record.BooksAreClosed)
            await store.Resume(vault, by, reason, stop);
        logger.LogWarning("Vault {Vault} has its history back, by {By}: {Reason}", vault, by, reason);
        return await store.Load(vault, stop);
    }

    /// <summary>The first two events, which the watcher appended: which vault it is, and that its history is missing.</summary>
    async Task<VaultState?> Begun(string vault, CancellationToken stop)
    {
        var state = VaultState.Empty(vault);
        await foreach (var entry in log.Read(vault, 0, LogEntry.Genesis, stop))
        {
            state = state.Apply(entry);
            if (state.Sequence == 2)
                break;
        }

        return state.Record.Halted?.Cause == Cause.HistoryMissing && (await store.Load(vault, stop)).Record.Halted?.Cause == Cause.HistoryMissing ? state : null;
    }

    /// <summary>The rounds that aren't resolved, and the last one: of the others only the history is needed.</summary>
    async Task<IReadOnlyDictionary<int, NumeraiRound>> RoundsOf(int tournament, ReplayFile history, CancellationToken stop)
    {
        var resolved = history.Events.OfType<Resolve>().Select(it => it.Round.Number).ToHashSet();
        var closed = history.Events.OfType<Close>().Select(it => it.Round.Number).ToList();
        var known = new Dictionary<int, NumeraiRound>();
        foreach (var number in closed.Where(number => !resolved.Contains(number) || number == closed[^1]))
            known[number] = await numerai.Round(tournament, number, stop) ?? throw new HistoryRefusedException($"It has round {number}, which Numerai doesn't know.");
        return known;
    }
}
