namespace Backstake.Accounting.Reference;

/// <summary>deposit and cancelDeposit (ACCOUNTING.md 3).</summary>
internal static class Deposits
{
    public static Applied Deposit(Books books, Deposit deposit)
    {
        if (!books.Terms.TryGetValue(deposit.Terms, out var terms)) return Applied.Refused(books, Refusal.UnknownTerms);
        if (deposit.Units.IsZero) return Applied.Refused(books, Refusal.UnitsNotPositive);
        if (books.IsWindingDown) return Applied.Refused(books, Refusal.WindingDown);
        if (books.House.IsNegative) return Applied.Refused(books, Refusal.HouseInDebt);
        var spare = deposit.Units * terms.SpareOfUnit();
        if (spare > books.HouseSpare) return Applied.Refused(books, Refusal.HouseTooSmall);
        var reserve = deposit.Units * terms.ReserveOfUnit();
        if (reserve > books.ReserveUnlocked) return Applied.Refused(books, Refusal.ReserveInsufficient);

        var id = new WaitingId(deposit.Terms, deposit.Payout, deposit.Backer);
        var after = books.WithWaiting(id, books.WaitingUnits.GetValueOrDefault(id) + deposit.Units);
        return Applied.Accepted(after with
        {
            Cash = after.Cash + (deposit.Units * terms.UnitSize),
            HouseSpare = after.HouseSpare - spare,
            ReserveLocked = after.ReserveLocked + reserve,
        });
    }

    public static Applied Cancel(Books books, CancelDeposit cancel)
    {
        if (cancel.Units.IsZero) return Applied.Refused(books, Refusal.UnitsNotPositive);
        var id = new WaitingId(cancel.Terms, cancel.Payout, cancel.Backer);
        var waiting = books.WaitingUnits.GetValueOrDefault(id);
        if (cancel.Units > waiting) return Applied.Refused(books, Refusal.NotEnoughUnits);

        var terms = books.Terms[cancel.Terms];
        var after = books.WithWaiting(id, waiting - cancel.Units);
        return Applied.Accepted(after with
        {
            Cash = after.Cash - (cancel.Units * terms.UnitSize),
            HouseSpare = after.HouseSpare + (cancel.Units * terms.SpareOfUnit()),
            ReserveLocked = after.ReserveLocked - (cancel.Units * terms.ReserveOfUnit()),
        });
    }
}
