namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.0: the reserve, then all units, bear a debt of the house.</summary>
internal static class DebtOfTheHouse
{
    public static void Bear(BooksState books)
    {
        if (!books.House.IsNegative) return;
        FromReserve(books);
        if (!books.House.IsNegative || !books.UnitsWorth.IsPositive) return;
        var (debt, worth) = (-books.House, books.UnitsWorth);
        FromUnits(books, books.Series, debt, worth);
        FromUnits(books, books.Tranches, debt, worth);
    }

    private static void FromReserve(BooksState books)
    {
        var unlocked = books.Reserve - books.ReserveLocked;
        var moved = Nmr.Min(-books.House, unlocked);
        books.Reserve -= moved;
        books.House += moved;
        books.Cash += moved;
        books.ReserveAsked = Nmr.Min(books.ReserveAsked, unlocked - moved);
    }

    private static void FromUnits(BooksState books, UnitTable table, Nmr debt, Nmr worth)
    {
        var units = table.Change();
        foreach (var slot in table.Order)
        {
            ref var unit = ref units[slot];
            var loss = Nmr.Min(Nmr.MulDivCeiling(debt, unit.Worth, worth), unit.Worth);
            var fromPayable = Nmr.Min(loss, unit.Payable);
            unit.Payable -= fromPayable;
            unit.Value -= loss - fromPayable;
            unit.Cumulative -= loss;
            unit.SinceSettlement -= loss;
            books.House += table.UnitsAt(slot) * loss;
        }
    }
}
