using Backstake.Accounting;
using Backstake.Functions.Http;

namespace Backstake.Functions.Vaults;

/// <summary>A vault as anyone may see it. Amounts in NMR (decimal strings), times in UTC.</summary>
/// <param name="Status"><c>open</c>, <c>windingDown</c>, <c>booksClosed</c> (nothing is settled any more, holders take their part on chain) or <c>halted</c>.</param>
/// <param name="Missed">Rounds in which nothing was staked although something should have been, by cause.</param>
/// <param name="NextCut">When the week after the last settled one ends.</param>
/// <param name="AcceptedAfterSeconds">So long after a cut its settlement can be accepted at the earliest.</param>
/// <param name="Chain">The log's last chain value, 64 hex digits: the hash over the whole history.</param>
public sealed record VaultSummary(
    string Id, string Model, string ModelId, int Tournament, string Owner, string Staker, string Status,
    string Stake, string Cash, string House, string HouseSpare, string Reserve, string ReserveLocked, long Units, int Backers,
    int Submitted, IReadOnlyDictionary<string, int> Missed, int OpenRounds, int LastRound,
    string Staked, string Result, string OwnerShare, string Paid, int Claims,
    int LastWeek, int LastAcceptedWeek, DateTimeOffset NextCut, int AcceptedAfterSeconds, string? BooksDigest, IReadOnlyList<string> Terms, long Events, string Chain, AsOf AsOf)
{
    public static VaultSummary Of(VaultState state)
    {
        var (vault, record, books) = (state.Vault, state.Record, state.Books);
        return new(
            vault.Vault, vault.Model, vault.ModelId, vault.Tournament, vault.Owner, record.Staker,
            record.Halted is not null ? "halted" : record.BooksAreClosed ? "booksClosed" : books.IsWindingDown ? "windingDown" : "open",
            books.Stake.ToString(), books.Cash.ToString(), books.House.ToString(), books.HouseSpare.ToString(),
            books.Reserve.ToString(), books.ReserveLocked.ToString(),
            books.Series.Values.Sum(series => series.Units.Count),
            books.Series.Values.SelectMany(series => series.Holders.ByBacker.Keys).Distinct().Count(),
            record.Submitted, record.Missed, record.Rounds.Count, record.LastRound,
            record.StakedTotal.ToString(), record.ResultTotal.ToString(), record.OwnerShareTotal.ToString(), record.PaidTotal.ToString(), record.Claims,
            books.LastWeek.Number, record.LastAcceptedWeek, record.Cut(books.LastWeek.Number + 1), vault.WindowSeconds,
            record.Weeks.Count == 0 ? null : record.Weeks[books.LastWeek.Number].BooksDigest,
            record.Terms.Keys.ToList(), state.Sequence, Convert.ToHexStringLower(state.Chain), AsOf.Of(state));
    }
}
