namespace Backstake.Accounting;

/// <summary>exit, cancelExit and transfer (ACCOUNTING.md 3).</summary>
internal static class Exits
{
    public static Refusal? Exit(BooksState books, Exit exit)
    {
        var slot = books.Series.Find(exit.Series, null);
        if (slot < 0) return Refusal.UnknownSeries;
        var series = books.Series.ClassAt(slot);
        if (exit.Units.IsZero) return Refusal.UnitsNotPositive;
        if (exit.Units > series.FreeOf(exit.Backer)) return Refusal.NotEnoughUnits;
        if (!books.IsWindingDown && books.LastWeek + 1 < exit.Series.EntryWeek + series.Terms.LockupWeeks) return Refusal.LockedUp;

        books.Series.Change(slot, series with { Leaving = series.Leaving.Add(exit.Backer, exit.Units) });
        return null;
    }

    /// <summary>Which of a backer's exits goes first makes no difference to the books: they all leave together.</summary>
    public static Refusal? Cancel(BooksState books, CancelExit cancel)
    {
        if (cancel.Units.IsZero) return Refusal.UnitsNotPositive;
        var slot = books.Series.Find(cancel.Series, null);
        if (slot < 0 || cancel.Units > books.Series.ClassAt(slot).Leaving.Of(cancel.Backer)) return Refusal.NotEnoughUnits;

        var series = books.Series.ClassAt(slot);
        books.Series.Change(slot, series with { Leaving = series.Leaving.Take(cancel.Backer, cancel.Units) });
        return null;
    }

    public static Refusal? Transfer(BooksState books, Transfer transfer)
    {
        var slot = books.Series.Find(transfer.Series, null);
        if (slot < 0) return Refusal.UnknownSeries;
        var series = books.Series.ClassAt(slot);
        if (transfer.Units.IsZero) return Refusal.UnitsNotPositive;
        if (transfer.Units > series.FreeOf(transfer.Backer)) return Refusal.NotEnoughUnits;

        books.Series.Change(slot, series with { Holders = series.Holders.Take(transfer.Backer, transfer.Units).Add(transfer.To, transfer.Units) });
        return null;
    }
}
