using Backstake.Accounting;

namespace Backstake.Functions.Owners;

/// <summary>What one class of units gave its owner and still owes: all its units together.</summary>
/// <param name="ExitWeek">Null: a live series.</param>
/// <param name="Taken">Profit share that was taken.</param>
/// <param name="UpfrontFee">Not yet earned.</param>
/// <param name="IfEnded">What an <c>atEnd</c> class would owe if it ended as it is.</param>
/// <param name="Cover">What the reserve paid.</param>
/// <param name="CoverIfEnded">What the reserve would pay if the class ended as it is.</param>
public sealed record ClassIncome(
    string Terms, int EntryWeek, Payout Payout, int? ExitWeek, long Units, Nmr Taken, IReadOnlyList<WaitingShare> Waiting, Nmr UpfrontFee, Nmr IfEnded, Nmr Cover, Nmr CoverIfEnded)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Nmr WaitingTotal => Waiting.Aggregate(Nmr.Zero, (sum, share) => sum + share.Amount);

    /// <summary>In the books' order: series, then tranches.</summary>
    public static IReadOnlyList<ClassIncome> Of(Books books) =>
    [
        .. books.Series.Values.Select(series => Of(series.Id, null, series.Terms, series.Units, series.Unit, isFinal: false)),
        .. books.Tranches.Values.Select(tranche => Of(tranche.Id.Series, tranche.Id.ExitWeek, tranche.Terms, tranche.Units, tranche.Unit, tranche.Final)),
    ];

    static ClassIncome Of(SeriesId series, Week? exitWeek, Terms terms, Units units, Unit unit, bool isFinal)
    {
        // ACCOUNTING.md 4, rules 1, 2 and 5: the fee of atEnd, and the cover of a loss.
        var fee = terms.Crystallisation == Crystallisation.AtEnd && !isFinal ? Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps) : Nmr.Zero;
        var cover = isFinal ? Nmr.Zero : Nmr.Min(Nmr.MulDivFloor(Nmr.OrZero(-unit.Cumulative), terms.LossShareBps), terms.ReserveOfUnit());
        return new(
            series.Terms.Text, series.EntryWeek.Number, series.Payout, exitWeek?.Number, units.Count, units * unit.OwnerShare,
            [.. unit.Entries.Select(entry => new WaitingShare(entry.Week.Number, entry.Week.Number + terms.ClawBackWeeks, units * entry.Amount))],
            units * unit.UpfrontFee, units * fee, units * unit.Cover, units * cover);
    }
}
