namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.3: who asked to leave, whose term has ended, and everybody of a vault that winds down, become the tranches of this week.</summary>
internal static class Leavers
{
    public static void Leave(BooksState books)
    {
        foreach (var slot in books.Series.Order.ToArray())
        {
            var series = books.Series.ClassAt(slot);
            var ended = books.IsWindingDown || books.LastWeek >= series.Series.EntryWeek + series.Terms.CompoundingWeeks;
            var leaving = ended ? series.Holders : series.Leaving;
            if (leaving.Total.IsZero) continue;

            var unit = books.Series.States[slot];
            unit.Value += unit.Payable;
            unit.Payable = Nmr.Zero;
            unit.Target = Nmr.Zero;
            var tranche = books.Tranches.Add(series with { ExitWeek = books.LastWeek, Holders = leaving, Leaving = Holdings.None }, unit);
            books.Tranches.JoinRoundsOf(tranche, books.Series, slot);

            if (leaving.Total == series.Holders.Total) books.Series.Remove(slot);
            else books.Series.Change(slot, series with { Holders = series.Holders.Take(leaving), Leaving = Holdings.None });
            FinalSettlement.SettleIfDue(books, tranche);
        }
    }
}
