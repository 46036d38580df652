namespace Backstake.Accounting.Reference;

/// <summary>The older regime: one stake is reused by all overlapping rounds, and a round burns at most its capped part of it.</summary>
internal sealed class Continuous : IStakingRegime
{
    public static readonly Continuous Regime = new();

    public Nmr Locked(Nmr stake, BasisPoints maxBurn) => Nmr.MulDivCeiling(stake, maxBurn);

    public StakesOfRound Stakes(Books books, BasisPoints share)
    {
        var total = Nmr.MulDivFloor(books.Stake - books.Pending.Total, share);
        var value = ValueToStake(books);
        var house = total;
        var series = books.Series.Values.Select(one => (one, value.IsZero ? Nmr.Zero : Nmr.MulDivFloor(total, one.Unit.Value, value))).ToList();
        foreach (var (one, stake) in series) house -= one.Units * stake;
        return new(total, house, [.. series]);
    }

    public Books PutUp(Books books, Nmr stake) => books;

    public Books Return(Books books, OpenRound round, Nmr payout, Nmr tranchesGained)
    {
        var stake = books.Stake + payout;
        var pending = books.Pending.Add(tranchesGained, books.LastClosed);
        pending = pending.CutNewest(pending.Total - stake);
        (pending, var due) = pending.TakeDue(books.OpenRounds.IsEmpty ? null : books.OpenRounds.First().Key);
        return books with { Stake = stake - due, Cash = books.Cash + due, Pending = pending };
    }

    public Books ReleaseIfNothingIsOpen(Books books)
    {
        if (!books.OpenRounds.IsEmpty) return books;
        var idle = Nmr.OrZero(books.Stake - ValueToStake(books));
        return books with { Pending = PendingReleases.None, Stake = books.Stake - idle, Cash = books.Cash + idle };
    }

    public (Books Books, Instruction Instruction) Instruct(Books books)
    {
        var missing = ValueToStake(books) - (books.Stake - books.Pending.Total);
        var release = Nmr.OrZero(-missing);
        var cancel = Nmr.Min(Nmr.OrZero(missing), books.Pending.Total);
        var increase = Nmr.Min(Nmr.OrZero(missing - cancel), books.Cash);
        var instructed = books with
        {
            Pending = books.Pending.CutNewest(cancel).Add(release, books.LastClosed),
            Stake = books.Stake + increase,
            Cash = books.Cash - increase,
        };
        return (instructed, new ContinuousChange(cancel, increase, release));
    }

    public void Check(Books books) => Invariants.Hold(books.Pending.Total <= books.Stake, "pending ≤ stake", books);

    public void CheckUnit(Books books, Unit unit)
    {
    }

    /// <summary>V = max(0, house − going) + Σ units·v over series.</summary>
    private static Nmr ValueToStake(Books books) =>
        books.Series.Values.Aggregate(Nmr.OrZero(books.House - books.HouseGoing), (value, series) => value + (series.Units * series.Unit.Value));
}
