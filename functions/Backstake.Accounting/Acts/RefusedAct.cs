using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>The books would refuse what a backer or an owner wants to do: why, in a sentence with the numbers that explain it.</summary>
public sealed record RefusedAct(Refusal Refusal, string Explanation, ImmutableArray<QuotedNumber> Numbers)
{
    /// <summary>Null: the books would take it.</summary>
    public static RefusedAct? Of(Books books, VaultEvent act)
    {
        ArgumentNullException.ThrowIfNull(books);
        if (books.Apply(act).Refusal is not { } refusal) return null;
        return act switch
        {
            Deposit it => Of(RefusedQuote.Of(books, new DepositAsk(it.Terms, it.Units, it.Payout), refusal)),
            Exit it => Of(RefusedQuote.Of(books, new ExitAsk(it.Backer, it.Series, it.Units), refusal)),
            // The lockup doesn't bind who sells: else as an exit.
            Transfer it => Of(RefusedQuote.Of(books, new ExitAsk(it.Backer, it.Series, it.Units), refusal)),
            CancelDeposit it when refusal == Refusal.NotEnoughUnits =>
                TooMany(refusal, "wait", it.Units, "unitsWaiting", books.WaitingUnits.GetValueOrDefault(new WaitingId(it.Terms, it.Payout, it.Backer))),
            CancelExit it when refusal == Refusal.NotEnoughUnits =>
                TooMany(refusal, "are asked out", it.Units, "unitsLeaving", books.Series.GetValueOrDefault(it.Series)?.Leaving.Of(it.Backer) ?? Units.Zero),
            HouseWithdraw it when refusal == Refusal.HouseEncumbered => new(
                refusal, $"{books.HouseSpare} NMR of the house are spare; you asked for {it.Amount}. Terms with houseMinBps ask that the rest stays, or it was asked back already.",
                [new("asked", it.Amount), new("houseSpare", books.HouseSpare), new("house", books.House), new("requiredHouse", books.RequiredHouse)]),
            ReserveWithdraw it when refusal == Refusal.ReserveLocked => new(
                refusal, $"{Nmr.OrZero(books.ReserveUnlocked)} NMR of the reserve aren't locked; you asked for {it.Amount}. What is locked covers losses of units until they have left.",
                [new("asked", it.Amount), new("reserveUnlocked", Nmr.OrZero(books.ReserveUnlocked)), new("reserve", books.Reserve), new("reserveLocked", books.ReserveLocked)]),
            _ => new(refusal, refusal == Refusal.UnitsNotPositive ? "Name at least one unit." : refusal.Sentence, []),
        };
    }

    private static RefusedAct Of(RefusedQuote refused) => new(refused.Refusal, refused.Explanation, refused.Numbers);

    private static RefusedAct TooMany(Refusal refusal, string what, Units asked, string name, Units there) =>
        new(refusal, $"{there} of these units {what}; you named {asked}.", [new("unitsAsked", asked), new(name, there)]);
}
