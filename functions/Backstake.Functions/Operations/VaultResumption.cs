using Backstake.Functions.Ethereum;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Operations;

/// <summary>
/// Lets a halted vault go on, after a person has looked: only if its log is whole, its documents are (or can be made again from it), and every event that
/// it took from the chain is there still.
/// </summary>
public sealed class VaultResumption(VaultStore store, LogTable log, LogAudit audit, DocumentRepair documents, EthereumNode node)
{
    /// <returns>The digests of the documents that were made again.</returns>
    /// <exception cref="LogDamagedException">What is still wrong: nothing was resumed.</exception>
    public async Task<IReadOnlyList<string>> Resume(string vault, string by, string reason, CancellationToken stop)
    {
        var repaired = await documents.Repair(vault, stop);
        await audit.Check(vault, allDocuments: true, stop);
        await RequireChainsEvents(vault, stop);
        await log.ForgetCursor(vault, stop);
        await store.Resume(vault, by, reason, stop);
        return repaired;
    }

    async Task RequireChainsEvents(string vault, CancellationToken stop)
    {
        VaultAdded? added = null;
        var sources = new Dictionary<ChainSource, long>();
        await foreach (var entry in log.Read(vault, 0, LogEntry.Genesis, stop))
        {
            added ??= entry.Event as VaultAdded;
            if (entry.Source is { } source)
                sources.TryAdd(source, entry.Sequence);
        }

        if (added is null || sources.Count == 0)
            return;
        foreach (var seen in await node.Log([added.Vault, added.Notices], added.Block, sources.Keys.Max(source => source.Block), stop))
            sources.Remove(new((long)seen.Block.Number, seen.TransactionHash, (int)seen.LogIndex));
        if (sources.Count > 0)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.EventRow(sources.Values.Min())}: the chain doesn't have what it says any more.");
    }
}
