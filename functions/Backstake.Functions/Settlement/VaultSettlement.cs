using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
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
        var (state, week) = (work.State, work.State.Books.LastWeek + 1);
        var applied = state.Books.Apply(new Settle(week));
        if (applied.Settlement is not { } settlement)
            throw new VaultDivergedException($"Week {week} can't be settled: {applied.Refusal}.");
        var books = await blobs.Put(state.Id, StoredBooks.Write(applied.Books), stop);
        var root = Convert.ToHexStringLower(new BooksRoot(EscapeValues.Of(applied.Books), Convert.FromHexString(books)).Hash);
        var record = await blobs.Put(state.Id, JsonSerializer.SerializeToUtf8Bytes(state.Record, LogEntryJson.Options), stop);
        var proposal = await blobs.Put(state.Id, Proposal.Of(settlement, root).ToJson(), stop);
        var entry = await blobs.Put(state.Id, BooksDocument.WriteWeek(settlement.Entry), stop);
        await work.Append(stop, new NewEntry(
            $"settle|{week}", new VaultSettled(week.Number, books, root, record, proposal, entry, OwnerShare(state.Books, settlement)), state.Record.Cut(week.Number)));
    }

    /// <summary>Σ units·a after the settlement, less before: units keep their a when they leave, and the entry still lists those that are gone.</summary>
    static Nmr OwnerShare(Books before, Accounting.Settlement settlement)
    {
        var taken = settlement.Entry.Series.Aggregate(Nmr.Zero, (sum, it) => sum + it.Units * it.OwnerShare);
        var earlier = before.Series.Values.Aggregate(Nmr.Zero, (sum, it) => sum + it.Units * it.Unit.OwnerShare)
            + before.Tranches.Values.Aggregate(Nmr.Zero, (sum, it) => sum + it.Units * it.Unit.OwnerShare);
        return taken - earlier;
    }
}
