namespace Backstake.Accounting;

/// <summary>The older regime: one stake is reused by all overlapping rounds, and a round burns at most its capped part of it.</summary>
internal sealed class Continuous : IStakingRegime
{
    public static readonly Continuous Regime = new();

    public (Nmr Total, Nmr House) Stakes(BooksState books, BasisPoints share, Span<Int128> stakes)
    {
        var total = Nmr.MulDivFloor(books.Stake - books.Pending.Total, share);
        var value = ValueToStake(books);
        var house = total;
        stakes[..books.Series.Slots].Clear();
        if (value.IsZero) return (total, house);

        var ofValue = new Proportion(total, value);
        foreach (var slot in books.Series.Order)
        {
            stakes[slot] = ofValue.Of(books.Series.ValueAt(slot).Value);
            house -= books.Series.UnitsAt(slot) * Nmr.FromWei(stakes[slot]);
        }

        return (total, house);
    }

    public void PutUp(BooksState books, Nmr stake)
    {
    }

    /// <summary>Nothing overflows: A_r is the sum of its parts, so s_r ≤ A_r and the results of all units together are within P and their number.</summary>
    public Nmr Give(BooksState books, UnitTable table, int round, in Proportion payout)
    {
        var stakes = table.StakesIn(round);
        if (stakes.IsEmpty) return Nmr.Zero;
        var units = table.ChangeInRounds();
        var states = table.States;
        Int128 given = 0;
        Int128 unlocked = 0;
        for (var slot = 0; slot < stakes.Length; slot++)
        {
            if (stakes[slot] == 0) continue;
            ref var unit = ref units[slot];
            // A unit never loses more than is still in it.
            var most = (states[slot].Paid - states[slot].Value).Value - unit.Result;
            var result = Int128.Max(payout.Of(stakes[slot]), most);
            var locked = books.Locked(stakes[slot]);
            unit.Result += result;
            unit.Locked -= locked;
            given += WideInteger.Multiply(result, (ulong)unit.Units);
            unlocked += WideInteger.Multiply(locked, (ulong)unit.Units);
        }

        books.UnitsFree += Nmr.FromWei(given + unlocked);
        return Nmr.FromWei(given);
    }

    public void Return(BooksState books, OpenRound round, Nmr payout, Nmr tranchesGained)
    {
        var stake = books.Stake + payout;
        var pending = books.Pending.Add(tranchesGained, books.LastClosed);
        pending = pending.CutNewest(pending.Total - stake);
        (books.Pending, var due) = pending.TakeDue(books.OpenRounds.Count == 0 ? null : books.OpenRounds[0].Round);
        books.Stake = stake - due;
        books.Cash += due;
    }

    public void ReleaseIfNothingIsOpen(BooksState books)
    {
        if (books.OpenRounds.Count > 0) return;
        var idle = Nmr.OrZero(books.Stake - ValueToStake(books));
        books.Pending = PendingReleases.None;
        books.Stake -= idle;
        books.Cash += idle;
    }

    public Instruction Instruct(BooksState books)
    {
        var missing = ValueToStake(books) - (books.Stake - books.Pending.Total);
        var release = Nmr.OrZero(-missing);
        var cancel = Nmr.Min(Nmr.OrZero(missing), books.Pending.Total);
        var increase = Nmr.Min(Nmr.OrZero(missing - cancel), books.Cash);
        books.Pending = books.Pending.CutNewest(cancel).Add(release, books.LastClosed);
        books.Stake += increase;
        books.Cash -= increase;
        return new ContinuousChange(cancel, increase, release);
    }

    public void Check(BooksState books) => Invariants.Hold(books.Pending.Total <= books.Stake, "pending ≤ stake", books);

    public void CheckUnit(BooksState books, UnitTable table, int slot)
    {
    }

    /// <summary>V = max(0, house − going) + Σ units·v over series.</summary>
    private static Nmr ValueToStake(BooksState books)
    {
        var value = Nmr.OrZero(books.House - books.HouseGoing);
        foreach (var slot in books.Series.Order) value += books.Series.UnitsAt(slot) * books.Series.ValueAt(slot);
        return value;
    }
}
