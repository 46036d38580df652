namespace Backstake.Accounting.Reference;

/// <summary>What the owner does with house and reserve, and windDown (ACCOUNTING.md 3).</summary>
internal static class OwnersMoney
{
    public static Applied HouseDeposit(Books books, HouseDeposit deposit)
    {
        if (!deposit.Amount.IsPositive) return Applied.Refused(books, Refusal.AmountNotPositive);
        return Applied.Accepted(books with
        {
            Cash = books.Cash + deposit.Amount,
            HouseWaiting = books.HouseWaiting + deposit.Amount,
            HouseSpare = books.HouseSpare + deposit.Amount,
        });
    }

    public static Applied HouseWithdraw(Books books, HouseWithdraw withdraw)
    {
        if (!withdraw.Amount.IsPositive) return Applied.Refused(books, Refusal.AmountNotPositive);
        if (withdraw.Amount > books.HouseSpare) return Applied.Refused(books, Refusal.HouseEncumbered);
        return Applied.Accepted(books with { HouseAsked = books.HouseAsked + withdraw.Amount, HouseSpare = books.HouseSpare - withdraw.Amount });
    }

    public static Applied ReserveDeposit(Books books, ReserveDeposit deposit)
    {
        if (!deposit.Amount.IsPositive) return Applied.Refused(books, Refusal.AmountNotPositive);
        return Applied.Accepted(books with { Reserve = books.Reserve + deposit.Amount });
    }

    public static Applied ReserveWithdraw(Books books, ReserveWithdraw withdraw)
    {
        if (!withdraw.Amount.IsPositive) return Applied.Refused(books, Refusal.AmountNotPositive);
        if (books.House.IsNegative) return Applied.Refused(books, Refusal.HouseInDebt);
        if (withdraw.Amount > books.ReserveUnlocked) return Applied.Refused(books, Refusal.ReserveLocked);
        return Applied.Accepted(books with { ReserveAsked = books.ReserveAsked + withdraw.Amount });
    }

    public static Applied WindDown(Books books) =>
        books.IsWindingDown ? Applied.Refused(books, Refusal.WindingDown) : Applied.Accepted(books with { IsWindingDown = true });
}
