namespace Backstake.Accounting;

/// <summary>deposit and cancelDeposit (ACCOUNTING.md 3).</summary>
internal static class Deposits
{
    public static Refusal? Deposit(BooksState books, Deposit deposit)
    {
        if (!books.Terms.TryGetValue(deposit.Terms, out var terms)) return Refusal.UnknownTerms;
        if (deposit.Units.IsZero) return Refusal.UnitsNotPositive;
        if (books.IsWindingDown) return Refusal.WindingDown;
        if (books.House.IsNegative) return Refusal.HouseInDebt;
        var spare = deposit.Units * terms.SpareOfUnit();
        if (spare > books.HouseSpare) return Refusal.HouseTooSmall;
        var reserve = deposit.Units * terms.ReserveOfUnit();
        if (reserve > books.ReserveUnlocked) return Refusal.ReserveInsufficient;

        var id = new WaitingId(deposit.Terms, deposit.Payout, deposit.Backer);
        var value = deposit.Units * terms.UnitSize;
        books.WaitingUnits.Set(id, books.WaitingUnits.Of(id) + deposit.Units);
        books.WaitingDeposits += value;
        books.Cash += value;
        books.HouseSpare -= spare;
        books.ReserveLocked += reserve;
        return null;
    }

    public static Refusal? Cancel(BooksState books, CancelDeposit cancel)
    {
        if (cancel.Units.IsZero) return Refusal.UnitsNotPositive;
        var id = new WaitingId(cancel.Terms, cancel.Payout, cancel.Backer);
        var waiting = books.WaitingUnits.Of(id);
        if (cancel.Units > waiting) return Refusal.NotEnoughUnits;

        var terms = books.Terms[cancel.Terms];
        var value = cancel.Units * terms.UnitSize;
        books.WaitingUnits.Set(id, waiting - cancel.Units);
        books.WaitingDeposits -= value;
        books.Cash -= value;
        books.HouseSpare += cancel.Units * terms.SpareOfUnit();
        books.ReserveLocked -= cancel.Units * terms.ReserveOfUnit();
        return null;
    }
}
