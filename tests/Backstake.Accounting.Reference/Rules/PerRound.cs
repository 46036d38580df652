namespace Backstake.Accounting.Reference;

/// <summary>Numerai's atomic staking: each round locks its own NMR from close to resolution.</summary>
internal sealed class PerRound : IStakingRegime
{
    public static readonly PerRound Regime = new();

    public Nmr Locked(Nmr stake, BasisPoints maxBurn) => stake;

    public StakesOfRound Stakes(Books books, BasisPoints share)
    {
        var house = Part(books.HouseTarget, books.HouseFree - books.HouseGoing);
        var total = house;
        var series = books.Series.Values.Select(one => (one, Part(one.Unit.Target, one.Unit.Free - one.Unit.OwedInAll))).ToList();
        foreach (var (one, stake) in series) total += one.Units * stake;
        return new(total, house, [.. series]);

        Nmr Part(Nmr target, Nmr free) => Nmr.MulDivFloor(Nmr.OrZero(Nmr.Min(target, free)), share);
    }

    public Books PutUp(Books books, Nmr stake) => books with { Cash = books.Cash - stake, Stake = books.Stake + stake };

    public Books Return(Books books, OpenRound round, Nmr payout, Nmr tranchesGained) =>
        books with { Cash = books.Cash + round.Stake + payout, Stake = books.Stake - round.Stake };

    public Books ReleaseIfNothingIsOpen(Books books) => books;

    public (Books Books, Instruction Instruction) Instruct(Books books)
    {
        var houseTarget = Target(books.House - books.HouseGoing);
        var total = houseTarget;
        foreach (var series in books.Series.Values)
        {
            var target = Target(series.Unit.Value - series.Unit.OwedInAll);
            books = books.With(series with { Unit = series.Unit with { Target = target } });
            total += series.Units * target;
        }

        return (books with { HouseTarget = houseTarget }, new PerRoundStake(total));

        Nmr Target(Nmr stakeable) => Nmr.OrZero(Nmr.DivFloor(stakeable, books.Vault.ConcurrentRounds));
    }

    public void Check(Books books)
    {
        Invariants.Hold(!books.HouseFree.IsNegative, "u_h ≥ 0", books);
        Invariants.Hold(books.Cash == books.WaitingDeposits + books.HouseWaiting + books.HouseFree + books.UnitsFree, "cash = waiting + u_h + Σ units·u", books);
        Invariants.Hold(books.Pending.Total.IsZero, "nothing is pending", books);
    }

    public void CheckUnit(Books books, Unit unit)
    {
        Invariants.Hold(!unit.Free.IsNegative, "u ≥ 0", books);
        Invariants.Hold(unit.Payable.IsZero, "y = 0", books);
    }
}
