using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Storage;
using ChainSeries = Backstake.Chain.Vault.SeriesId;

namespace Backstake.Functions.Settlement;

/// <summary>
/// What a settlement asks the vault's contract to pay and allow: stored beside the books, because accepting needs the very words that were proposed.
/// Amounts in NMR; the lines' amounts are of one unit.
/// </summary>
public sealed record Proposal(int Week, Nmr StakeLimit, Nmr HouseOut, Nmr ReserveOut, Nmr HouseSpare, string BooksRoot, IReadOnlyList<ProposalLine> Lines)
{
    /// <summary>Only what this settlement paid, covered or ended needs a line; sorted by series and exit week, as the contract wants them.</summary>
    public static Proposal Of(Accounting.Settlement settlement, string booksRoot) => new(
        settlement.Week.Number,
        ((PerRoundStake)settlement.Instruction).Amount,
        settlement.HousePaid, settlement.ReservePaid, settlement.HouseSpare, booksRoot,
        settlement.Lines
            .Where(line => !line.PaidNow.IsZero || !line.Cover.IsZero || line.Final)
            .Select(ProposalLine.Of)
            .OrderBy(line => line.Series)
            .ThenBy(line => line.ExitWeek)
            .ToList());

    public SettlementWeek ToWeek() => new()
    {
        Week = (uint)Week,
        StakeLimit = StakeLimit.Wei,
        HouseOut = HouseOut.Wei,
        ReserveOut = ReserveOut.Wei,
        HouseSpare = HouseSpare.Wei,
        Books = Convert.FromHexString(BooksRoot),
    };

    public List<SettlementLine> ToLines() => Lines.Select(line => line.ToLine()).ToList();

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LogEntryJson.Options);

    public static Proposal FromJson(byte[] json) => JsonSerializer.Deserialize<Proposal>(json, LogEntryJson.Options)!;
}

/// <param name="Terms">The terms id; with <paramref name="Pay"/> and <paramref name="EntryWeek"/> it names the series.</param>
/// <param name="ExitWeek">0 for a live <c>pay</c> series.</param>
/// <param name="Paid">A unit's lifetime total.</param>
/// <param name="Cover">A unit's cover from the reserve in this settlement.</param>
/// <param name="Holders">Who holds its units: to whom the operator can send claims.</param>
public sealed record ProposalLine(
    string Terms, bool Pay, int EntryWeek, int ExitWeek, long Units, Nmr Paid, Nmr Cover, bool Closed, IReadOnlyList<string> Holders)
{
    [JsonIgnore]
    public BigInteger Series => ChainSeries.Of(Terms, Pay, (uint)EntryWeek).ToNumber();

    public SettlementLine ToLine() => new()
    {
        Series = Series, ExitWeek = (uint)ExitWeek, Units = (ulong)Units, Paid = Paid.Wei, Cover = Cover.Wei, Closed = Closed,
    };

    public static ProposalLine Of(ClassLine line) => new(
        line.Series.Terms.Text, line.Series.Payout is Payout.Pay, line.Series.EntryWeek.Number, line.ExitWeek?.Number ?? 0,
        line.Units.Count, line.Paid, line.Cover, line.Final, line.Holders.ByBacker.Keys.Select(backer => backer.Address).ToList());
}
