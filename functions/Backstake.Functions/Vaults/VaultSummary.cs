using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;

namespace Backstake.Functions.Vaults;

/// <summary>How often the vault staked when it should have.</summary>
/// <param name="Bps">Staked of staked and missed, 0 to 10,000; null before the first round.</param>
public sealed record Reliability(int Staked, int Missed, int? Bps)
{
    public static Reliability Of(VaultRecord record)
    {
        var (staked, missed) = (record.StakedRounds, record.Missed.Values.Sum());
        return new(staked, missed, staked + missed == 0 ? null : staked * BasisPoints.Whole.Value / (staked + missed));
    }
}

/// <summary>Terms on offer, and how many units more the vault could take under them now: what the unlocked reserve and the spare house allow. Null: they ask for neither.</summary>
public sealed record Offer(string Terms, string UnitSize, long? FreeUnits)
{
    public static IReadOnlyList<Offer> Of(VaultState state) =>
        [.. state.Record.Terms.Where(offered => !state.Record.Withdrawn.Contains(offered.Key)).Select(offered => new Offer(offered.Key, offered.Value.UnitSize.ToString(), Free(state, offered.Value)))];

    static long? Free(VaultState state, Terms terms)
    {
        var books = state.Books;
        if (state.Record.IsOver || books.IsWindingDown || books.House.IsNegative)
            return 0;
        long?[] limits = [Fit(books.ReserveUnlocked, terms.ReserveOfUnit()), Fit(books.HouseSpare, terms.SpareOfUnit())];
        return limits.Min();
    }

    static long? Fit(Nmr whole, Nmr part) => part.IsZero ? null : (long)(Nmr.OrZero(whole).Wei / part.Wei);
}

/// <summary>What the owner or the guardian paused. Everything else goes on: exits, cancels, claims, settlements.</summary>
public sealed record Paused(bool Deposits, bool Staking);

/// <summary>A vault as anyone may see it. Amounts in NMR (decimal strings), times in UTC.</summary>
/// <param name="Status"><c>open</c>, <c>windingDown</c>, <c>booksClosed</c> (nothing is settled any more, holders take their part on chain) or <c>halted</c>.</param>
/// <param name="ReserveUnlocked">What of the reserve can still cover new units.</param>
/// <param name="Missed">Rounds in which nothing was staked although something should have been, by cause.</param>
/// <param name="NextCut">When the week after the last settled one ends.</param>
/// <param name="AcceptedAfterSeconds">So long after a cut its settlement can be accepted at the earliest.</param>
/// <param name="Terms">Every terms that were ever offered; those on offer now stand in <paramref name="Offers"/>.</param>
/// <param name="Ownership">Whether the model was proven to be the owner's. It is no part of the log: Numerai says it.</param>
/// <param name="Chain">The log's last chain value, 64 hex digits: the hash over the whole history.</param>
public sealed record VaultSummary(
    string Id, string Model, string ModelId, int Tournament, string Owner, string Staker, string Status, Paused Paused,
    string Stake, string Cash, string House, string HouseSpare, string Reserve, string ReserveLocked, string ReserveUnlocked, long Units, int Backers,
    int Submitted, IReadOnlyDictionary<string, int> Missed, Reliability Reliability, int OpenRounds, int LastRound,
    string Staked, string Result, string OwnerShare, string Paid, int Claims,
    int LastWeek, int LastAcceptedWeek, DateTimeOffset NextCut, int AcceptedAfterSeconds, string? BooksDigest, IReadOnlyList<string> Terms, IReadOnlyList<Offer> Offers,
    ShownOwnership Ownership, long Events, string Chain, AsOf AsOf)
{
    public static VaultSummary Of(VaultState state, ShownOwnership ownership)
    {
        var (vault, record, books) = (state.Vault, state.Record, state.Books);
        return new(
            vault.Vault, vault.Model, vault.ModelId, vault.Tournament, vault.Owner, record.Staker,
            StatusOf(state), new(record.Paused is { Deposits: true }, record.Paused is { Staking: true }),
            books.Stake.ToString(), books.Cash.ToString(), books.House.ToString(), books.HouseSpare.ToString(),
            books.Reserve.ToString(), books.ReserveLocked.ToString(), books.ReserveUnlocked.ToString(),
            books.Series.Values.Sum(series => series.Units.Count),
            books.Series.Values.SelectMany(series => series.Holders.ByBacker.Keys).Distinct().Count(),
            record.Submitted, record.Missed, Reliability.Of(record), record.Rounds.Count, record.LastRound,
            record.StakedTotal.ToString(), record.ResultTotal.ToString(), record.OwnerShareTotal.ToString(), record.PaidTotal.ToString(), record.Claims,
            books.LastWeek.Number, record.LastAcceptedWeek, record.Cut(books.LastWeek.Number + 1), vault.WindowSeconds,
            record.Weeks.Count == 0 ? null : record.Weeks[books.LastWeek.Number].BooksDigest,
            record.Terms.Keys.ToList(), Offer.Of(state), ownership, state.Sequence, Convert.ToHexStringLower(state.Chain), AsOf.Of(state));
    }

    public static string StatusOf(VaultState state) =>
        state.Record.Halted is not null ? "halted" : state.Record.BooksAreClosed ? "booksClosed" : state.Books.IsWindingDown ? "windingDown" : "open";
}
