using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Settlement;

/// <summary>Makes a vault's damaged documents again, from its log alone: an operator asks for it, and is told what was made.</summary>
public sealed class DocumentRepair(LogTable log, BlobStore blobs)
{
    /// <returns>The digests of the documents that were damaged and are whole again.</returns>
    /// <exception cref="LogDamagedException">The log itself is damaged, or a document's content can't be made from it.</exception>
    public async Task<IReadOnlyList<string>> Repair(string vault, CancellationToken stop)
    {
        var (state, repaired) = (VaultState.Empty(vault), new List<string>());
        await foreach (var entry in log.Read(vault, 0, LogEntry.Genesis, stop))
        {
            if (entry.Event is VaultSettled settled)
            {
                var documents = SettlementDocuments.Of(state);
                foreach (var (digest, content) in new[]
                {
                    (settled.BooksDigest, documents.Books), (settled.RecordDigest, documents.Record),
                    (settled.ProposalDigest, documents.Proposal), (settled.EntryDigest, documents.Entry),
                })
                {
                    if (await IsWhole(vault, digest, stop))
                        continue;
                    if (BlobStore.DigestOf(content) != digest)
                        throw new LogDamagedException($"Vault {vault}: the document {digest} of week {settled.Week} is damaged, and this program's fold gives another.");
                    await blobs.Repair(vault, content, stop);
                    repaired.Add(digest);
                }
            }

            state = state.Apply(entry);
        }

        return repaired;
    }

    async Task<bool> IsWhole(string vault, string digest, CancellationToken stop)
    {
        try
        {
            await blobs.Get(vault, digest, stop);
            return true;
        }
        catch (LogDamagedException)
        {
            return false;
        }
    }
}
