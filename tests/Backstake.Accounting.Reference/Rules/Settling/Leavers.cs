namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.3: who asked to leave, whose term has ended, and everybody of a vault that winds down, become the tranches of this week.</summary>
internal static class Leavers
{
    public static Books Leave(Books books)
    {
        var after = books;
        foreach (var series in books.Series.Values)
        {
            var ended = books.IsWindingDown || books.LastWeek >= series.Id.EntryWeek + series.Terms.CompoundingWeeks;
            var leaving = ended ? series.Holders : series.Leaving;
            if (leaving.Total.IsZero) continue;

            var staying = series with { Holders = series.Holders.Take(leaving), Leaving = Holdings.None };
            after = staying.Units.IsZero ? after.Without(series) : after.With(staying);
            after = FinalSettlement.SettleIfDue(after, TrancheOf(series, leaving, books.LastWeek));
        }

        return after;
    }

    private static Tranche TrancheOf(Series series, Holdings leaving, Week week) => new()
    {
        Id = new TrancheId(series.Id, week),
        Terms = series.Terms,
        Holders = leaving,
        Unit = series.Unit with { Value = series.Unit.Value + series.Unit.Payable, Payable = Nmr.Zero, Target = Nmr.Zero },
    };
}
