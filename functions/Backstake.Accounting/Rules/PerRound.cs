using System.Runtime.CompilerServices;

namespace Backstake.Accounting;

/// <summary>Numerai's atomic staking: each round locks its own NMR from close to resolution.</summary>
internal sealed class PerRound : IStakingRegime
{
    public static readonly PerRound Regime = new();

    public (Nmr Total, Nmr House) Stakes(BooksState books, BasisPoints share, Span<Int128> stakes)
    {
        var house = Part(books.HouseTarget, books.HouseFree - books.HouseGoing);
        var total = house;
        var units = books.Series.States;
        var inRounds = books.Series.InRounds;
        for (var slot = 0; slot < units.Length; slot++)
        {
            ref readonly var unit = ref units[slot];
            ref readonly var now = ref inRounds[slot];
            var free = unit.Value - unit.Paid + Nmr.FromWei(now.Result - now.Locked);
            var stake = Part(unit.Target, free - unit.OwedInAll);
            stakes[slot] = stake.Value;
            total += new Units(now.Units) * stake;
        }

        return (total, house);

        Nmr Part(Nmr target, Nmr free) => Nmr.MulDivFloor(Nmr.OrZero(Nmr.Min(target, free)), share);
    }

    public void PutUp(BooksState books, Nmr stake)
    {
        books.Cash -= stake;
        books.Stake += stake;
    }

    /// <summary>
    /// No unit can lose more than is still in it: u ≥ 0, so v − p ≥ s_r, and −P ≤ A_r. Nothing overflows: A_r is the sum of its parts, so s_r ≤ A_r and the results of all units
    /// together are within P and their number.
    /// </summary>
    // By itself: inlined into a caller the loop keeps less in registers and takes three times as long.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Nmr Give(BooksState books, UnitTable table, int round, in Proportion payout)
    {
        var stakes = table.StakesIn(round);
        if (stakes.IsEmpty) return Nmr.Zero;
        // A copy: what a reference points to, the compiler would read again for every unit.
        var proportion = payout;
        var units = table.ChangeInRounds();
        Int128 given = 0;
        for (var slot = 0; slot < stakes.Length && slot < units.Length; slot++)
        {
            var stake = stakes[slot];
            if (stake == 0) continue;
            var result = proportion.Of(stake);
            ref var unit = ref units[slot];
            unit.Result += result;
            unit.Locked -= stake;
            given += WideInteger.Multiply(result, (ulong)unit.Units);
        }

        books.UnitsFree += Nmr.FromWei(given);
        return Nmr.FromWei(given);
    }

    public void Return(BooksState books, OpenRound round, Nmr payout, Nmr tranchesGained)
    {
        books.Cash += round.Stake + payout;
        books.Stake -= round.Stake;
        books.UnitsFree += round.Stake - round.HouseStake;
    }

    public void ReleaseIfNothingIsOpen(BooksState books)
    {
    }

    public Instruction Instruct(BooksState books)
    {
        books.HouseTarget = Target(books.House - books.HouseGoing);
        var total = books.HouseTarget;
        var units = books.Series.Change();
        foreach (var slot in books.Series.Order)
        {
            units[slot].Target = Target(units[slot].Value - units[slot].OwedInAll);
            total += books.Series.UnitsAt(slot) * units[slot].Target;
        }

        books.MostOfARound = total;
        return new PerRoundStake(total);

        Nmr Target(Nmr stakeable) => Nmr.OrZero(Nmr.DivFloor(stakeable, books.Vault.ConcurrentRounds));
    }

    public void Check(BooksState books)
    {
        Invariants.Hold(!books.HouseFree.IsNegative, "u_h ≥ 0", books);
        Invariants.Hold(books.Cash == books.WaitingDeposits + books.HouseWaiting + books.HouseFree + books.UnitsFree, "cash = waiting + u_h + Σ units·u", books);
        Invariants.Hold(books.Pending.Total.IsZero, "nothing is pending", books);
    }

    public void CheckUnit(BooksState books, UnitTable table, int slot)
    {
        Invariants.Hold(!table.FreeAt(slot).IsNegative, "u ≥ 0", books);
        Invariants.Hold(table.States[slot].Payable.IsZero, "y = 0", books);
    }
}
