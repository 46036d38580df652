using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Settlement;

/// <summary>
/// What a settlement asks the vault's contract to pay and allow: stored beside the books, because accepting needs the very words that were proposed.
/// Amounts in NMR; the lines' amounts are of one unit.
/// </summary>
public sealed record Proposal(int Week, Nmr StakeLimit, Nmr HouseOut, Nmr ReserveOut, Nmr HouseSpare, string BooksDigest, IReadOnlyList<ProposalLine> Lines)
{
    /// <summary>Only what this settlement paid, covered or ended needs a line; sorted by series and exit week, as the contract wants them.</summary>
    public static Proposal Of(Accounting.Settlement settlement, string booksDigest) => new(
        settlement.Week.Number,
        ((PerRoundStake)settlement.Instruction).Amount,
        settlement.HousePaid, settlement.ReservePaid, settlement.HouseSpare, booksDigest,
        settlement.Lines
            .Where(line => !line.PaidNow.IsZero || !line.Cover.IsZero || line.Final)
            .Select(ProposalLine.Of)
            .OrderBy(line => line.Series, StringComparer.Ordinal)
            .ThenBy(line => line.ExitWeek)
            .ToList());

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LogEntryJson.Options);

    public static Proposal FromJson(byte[] json) => JsonSerializer.Deserialize<Proposal>(json, LogEntryJson.Options)!;
}

/// <param name="Series">The chain's series id, 64 lower-case hex digits.</param>
/// <param name="ExitWeek">0 for a live <c>pay</c> series.</param>
/// <param name="Paid">A unit's lifetime total.</param>
/// <param name="Cover">A unit's cover from the reserve in this settlement.</param>
public sealed record ProposalLine(string Series, int ExitWeek, long Units, Nmr Paid, Nmr Cover, bool Closed)
{
    public static ProposalLine Of(ClassLine line) => new(
        SeriesIds.ToHex(SeriesIds.Compose(line.Series.Terms.Text, line.Series.Payout is Payout.Pay, line.Series.EntryWeek.Number)),
        line.ExitWeek?.Number ?? 0, line.Units.Count, line.Paid, line.Cover, line.Final);
}
