namespace Backstake.Accounting;

/// <summary>What the owner does with house and reserve, and windDown (ACCOUNTING.md 3).</summary>
internal static class OwnersMoney
{
    public static Refusal? HouseDeposit(BooksState books, HouseDeposit deposit)
    {
        if (!deposit.Amount.IsPositive) return Refusal.AmountNotPositive;
        books.Cash += deposit.Amount;
        books.HouseWaiting += deposit.Amount;
        books.HouseSpare += deposit.Amount;
        return null;
    }

    public static Refusal? HouseWithdraw(BooksState books, HouseWithdraw withdraw)
    {
        if (!withdraw.Amount.IsPositive) return Refusal.AmountNotPositive;
        if (withdraw.Amount > books.HouseSpare) return Refusal.HouseEncumbered;
        books.HouseAsked += withdraw.Amount;
        books.HouseSpare -= withdraw.Amount;
        return null;
    }

    public static Refusal? ReserveDeposit(BooksState books, ReserveDeposit deposit)
    {
        if (!deposit.Amount.IsPositive) return Refusal.AmountNotPositive;
        books.Reserve += deposit.Amount;
        return null;
    }

    public static Refusal? ReserveWithdraw(BooksState books, ReserveWithdraw withdraw)
    {
        if (!withdraw.Amount.IsPositive) return Refusal.AmountNotPositive;
        if (books.House.IsNegative) return Refusal.HouseInDebt;
        if (withdraw.Amount > books.ReserveUnlocked) return Refusal.ReserveLocked;
        books.ReserveAsked += withdraw.Amount;
        return null;
    }

    public static Refusal? WindDown(BooksState books)
    {
        if (books.IsWindingDown) return Refusal.WindingDown;
        books.IsWindingDown = true;
        return null;
    }
}
