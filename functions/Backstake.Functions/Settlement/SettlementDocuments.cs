using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Settlement;

/// <summary>What the settlement of a vault's next week stores, and the event that names it. The same log gives the same bytes, so a lost document can be made again.</summary>
public sealed record SettlementDocuments(byte[] Books, byte[] Record, byte[] Proposal, byte[] Entry, VaultSettled Event)
{
    public IReadOnlyList<byte[]> All => [Books, Record, Proposal, Entry];

    /// <exception cref="VaultDivergedException">The books can't settle the week.</exception>
    public static SettlementDocuments Of(VaultState state)
    {
        var week = state.Books.LastWeek + 1;
        var applied = state.Books.Apply(new Settle(week));
        if (applied.Settlement is not { } settlement)
            throw new VaultDivergedException($"Week {week} can't be settled: {applied.Refusal}.");
        var books = StoredBooks.Write(applied.Books);
        var booksDigest = BlobStore.DigestOf(books);
        var root = Convert.ToHexStringLower(new BooksRoot(EscapeValues.Of(applied.Books), Convert.FromHexString(booksDigest)).Hash);
        var record = state.Record.Write();
        var proposal = Settlement.Proposal.Of(settlement, root).ToJson();
        var entry = BooksDocument.WriteWeek(settlement.Entry);
        return new(books, record, proposal, entry, new VaultSettled(
            week.Number, booksDigest, root, BlobStore.DigestOf(record), BlobStore.DigestOf(proposal), BlobStore.DigestOf(entry), OwnerShare(state.Books, settlement)));
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
