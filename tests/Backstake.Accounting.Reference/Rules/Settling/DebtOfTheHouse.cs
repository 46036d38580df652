namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.0: the reserve, then all units, bear a debt of the house.</summary>
internal static class DebtOfTheHouse
{
    public static Books Bear(Books books)
    {
        if (!books.House.IsNegative) return books;
        books = FromReserve(books);
        return books.House.IsNegative && books.UnitsWorth.IsPositive ? FromUnits(books, -books.House, books.UnitsWorth) : books;
    }

    private static Books FromReserve(Books books)
    {
        var unlocked = books.Reserve - books.ReserveLocked;
        var moved = Nmr.Min(-books.House, unlocked);
        return books with
        {
            Reserve = books.Reserve - moved,
            House = books.House + moved,
            Cash = books.Cash + moved,
            ReserveAsked = Nmr.Min(books.ReserveAsked, unlocked - moved),
        };
    }

    private static Books FromUnits(Books books, Nmr debt, Nmr worth)
    {
        var after = books;
        foreach (var series in books.Series.Values) after = Lose(after.With(series with { Unit = AfterLoss(series.Unit) }), series.Units, series.Unit);
        foreach (var tranche in books.Tranches.Values) after = Lose(after.With(tranche with { Unit = AfterLoss(tranche.Unit) }), tranche.Units, tranche.Unit);
        return after;

        Nmr LossOf(Unit unit) => Nmr.Min(Nmr.MulDivCeiling(debt, unit.Worth, worth), unit.Worth);

        Books Lose(Books current, Units units, Unit unit) => current with { House = current.House + (units * LossOf(unit)) };

        Unit AfterLoss(Unit unit)
        {
            var loss = LossOf(unit);
            var fromPayable = Nmr.Min(loss, unit.Payable);
            return unit with
            {
                Payable = unit.Payable - fromPayable,
                Value = unit.Value - (loss - fromPayable),
                Cumulative = unit.Cumulative - loss,
                SinceSettlement = unit.SinceSettlement - loss,
            };
        }
    }
}
