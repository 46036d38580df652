using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Settlement;

/// <summary>
/// Settles a vault's next week in its books: the books, the record beside them and the proposal are stored by digest first, then one event names them
/// (DESIGN.md, "One idea"). The watcher calls it at the cut, where the order of the log asks for it.
/// </summary>
public sealed class VaultSettlement(BlobStore blobs)
{
    public async Task Settle(VaultWork work, CancellationToken stop)
    {
        var documents = SettlementDocuments.Of(work.State);
        foreach (var document in documents.All)
            await blobs.Put(work.State.Id, document, stop);
        await work.Append(stop, new NewEntry($"settle|{documents.Event.Week}", documents.Event, work.State.Record.Cut(documents.Event.Week)));
    }
}
