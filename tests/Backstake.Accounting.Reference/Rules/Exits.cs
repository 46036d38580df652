namespace Backstake.Accounting.Reference;

/// <summary>exit, cancelExit and transfer (ACCOUNTING.md 3).</summary>
internal static class Exits
{
    public static Applied Exit(Books books, Exit exit)
    {
        if (!books.Series.TryGetValue(exit.Series, out var series)) return Applied.Refused(books, Refusal.UnknownSeries);
        if (exit.Units.IsZero) return Applied.Refused(books, Refusal.UnitsNotPositive);
        if (exit.Units > series.FreeOf(exit.Backer)) return Applied.Refused(books, Refusal.NotEnoughUnits);
        if (!books.IsWindingDown && books.LastWeek + 1 < exit.Series.EntryWeek + series.Terms.LockupWeeks) return Applied.Refused(books, Refusal.LockedUp);

        return Applied.Accepted(books.With(series with { Leaving = series.Leaving.Add(exit.Backer, exit.Units) }));
    }

    /// <summary>Which of a backer's exits goes first makes no difference to the books: they all leave together.</summary>
    public static Applied Cancel(Books books, CancelExit cancel)
    {
        if (cancel.Units.IsZero) return Applied.Refused(books, Refusal.UnitsNotPositive);
        if (!books.Series.TryGetValue(cancel.Series, out var series) || cancel.Units > series.Leaving.Of(cancel.Backer))
            return Applied.Refused(books, Refusal.NotEnoughUnits);

        return Applied.Accepted(books.With(series with { Leaving = series.Leaving.Take(cancel.Backer, cancel.Units) }));
    }

    public static Applied Transfer(Books books, Transfer transfer)
    {
        if (!books.Series.TryGetValue(transfer.Series, out var series)) return Applied.Refused(books, Refusal.UnknownSeries);
        if (transfer.Units.IsZero) return Applied.Refused(books, Refusal.UnitsNotPositive);
        if (transfer.Units > series.FreeOf(transfer.Backer)) return Applied.Refused(books, Refusal.NotEnoughUnits);

        return Applied.Accepted(books.With(series with { Holders = series.Holders.Take(transfer.Backer, transfer.Units).Add(transfer.To, transfer.Units) }));
    }
}
