namespace Backstake.Accounting.Reference;

/// <summary>What always holds (ACCOUNTING.md 5).</summary>
public static class Invariants
{
    /// <summary>After every event: from the running totals, whatever the number of series. Throws <see cref="InvariantViolatedException"/>.</summary>
    public static void Check(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        var waiting = books.WaitingDeposits + books.HouseWaiting;
        Hold(books.Stake + books.Cash == books.House + waiting + books.UnitsWorth, "stake + cash = house + waiting + Σ units·(v + y − p)", books);
        Hold(!books.Stake.IsNegative, "stake ≥ 0", books);
        Hold(!books.Cash.IsNegative, "cash ≥ 0", books);
        Hold(!books.ReserveLocked.IsNegative, "locked reserve ≥ 0", books);
        Hold(books.Reserve >= books.ReserveLocked, "reserve ≥ locked reserve", books);
        Hold(!books.ReserveAsked.IsNegative && !books.ReserveUnlocked.IsNegative, "0 ≤ R ≤ reserve − locked", books);
        Hold(!books.HouseLeaving.IsNegative && books.HouseLeaving <= Nmr.OrZero(books.House), "0 ≤ L ≤ max(0, house)", books);
        Hold(!books.HouseSpare.IsNegative, "spare ≥ 0", books);
        books.Regime.Check(books);
    }

    /// <summary>At every settlement and on loading: the same, and every unit, and the running totals computed again. Throws <see cref="InvariantViolatedException"/>.</summary>
    public static void CheckInFull(Books books)
    {
        Check(books);
        var (worth, free, reserve) = (Nmr.Zero, Nmr.Zero, Nmr.Zero);
        var inRound = books.OpenRounds.Keys.ToDictionary(round => round, round => books.OpenRounds[round].HouseStake);
        foreach (var series in books.Series.Values)
        {
            Hold(!series.Units.IsZero && series.Id.EntryWeek <= books.LastWeek, "a series has units since a settled week", books);
            Hold(series.Leaving.ByBacker.All(leaving => leaving.Value <= series.Holders.Of(leaving.Key)), "nobody asks out more units than are held", books);
            Count(series.Units, series.Unit);
            reserve += series.Units * series.Terms.ReserveOfUnit();
        }

        foreach (var tranche in books.Tranches.Values)
        {
            Hold(!tranche.Units.IsZero && tranche.Id.ExitWeek <= books.LastWeek && tranche.Id.ExitWeek > tranche.Id.Series.EntryWeek, "a tranche has units that left in a settled week", books);
            Hold(tranche.Unit.Payable.IsZero, "a leaver has nothing payable", books);
            Hold(!tranche.Final || (tranche.Unit.Parts.IsEmpty && tranche.Unit.OwedInAll.IsZero), "what is final is in no round and owes nothing", books);
            Count(tranche.Units, tranche.Unit);
            if (!tranche.Final) reserve += tranche.Units * tranche.Terms.ReserveOfUnit();
        }

        var waiting = Nmr.Zero;
        foreach (var (id, units) in books.WaitingUnits)
        {
            waiting += units * books.Terms[id.Terms].UnitSize;
            reserve += units * books.Terms[id.Terms].ReserveOfUnit();
        }

        Hold(waiting == books.WaitingDeposits, "the running total of the waiting deposits", books);
        Hold(worth == books.UnitsWorth, "the running total of Σ units·(v + y − p)", books);
        Hold(free == books.UnitsFree, "the running total of Σ units·u", books);
        Hold(reserve == books.ReserveLocked, "locked is what the terms of all units not final, and of waiting deposits, ask for", books);
        CheckRounds(books, inRound);

        void Count(Units units, Unit unit)
        {
            CheckUnit(books, unit);
            worth += units * unit.Worth;
            free += units * unit.Free;
            foreach (var part in unit.Parts)
            {
                Hold(inRound.ContainsKey(part.Round), "a unit has parts in open rounds only", books);
                inRound[part.Round] += units * part.Stake;
            }
        }
    }

    internal static void Hold(bool condition, string invariant, Books books)
    {
        if (!condition) throw new InvariantViolatedException(invariant, books.Vault.Id, books.LastWeek);
    }

    private static void CheckUnit(Books books, Unit unit)
    {
        Hold(IsAscending(unit.Entries.Select(entry => entry.Week)) && unit.Entries.All(entry => entry.Week <= books.LastWeek), "entries are of settled weeks, oldest first", books);
        Hold(IsAscending(unit.Parts.Select(part => part.Round)), "parts are in the order of their rounds", books);
        Hold(unit.Value >= unit.Paid && !unit.Paid.IsNegative, "v ≥ p ≥ 0", books);
        Hold(!unit.Payable.IsNegative, "y ≥ 0", books);
        Hold(unit.Entries.All(entry => entry.Amount.IsPositive) && !unit.UpfrontFee.IsNegative, "nobody owes less than nothing", books);
        Hold(unit.Parts.All(part => part.Stake.IsPositive), "s_r > 0", books);
        Hold(unit.Parts.Aggregate(Nmr.Zero, (sum, part) => sum + part.Locked) == unit.Locked, "the running total of a unit's locked stakes", books);
        books.Regime.CheckUnit(books, unit);
    }

    private static bool IsAscending<T>(IEnumerable<T> values)
        where T : IComparable<T> => values.Zip(values.Skip(1)).All(pair => pair.First.CompareTo(pair.Second) < 0);

    private static void CheckRounds(Books books, Dictionary<Round, Nmr> inRound)
    {
        var (staked, houseLocked) = (Nmr.Zero, Nmr.Zero);
        foreach (var round in books.OpenRounds.Values)
        {
            Hold(books.LastClosed is { } last && round.Round <= last, "no round is open beyond the last closed", books);
            Hold(!round.HouseStake.IsNegative, "the house's part of a stake ≥ 0", books);
            Hold(inRound[round.Round] == round.Stake, "A_r is the sum of its parts", books);
            staked += round.Stake;
            houseLocked += books.Regime.Locked(round.HouseStake, books.Vault.MaxBurnBps);
        }

        Hold(houseLocked == books.HouseLocked, "the running total of the house's locked stakes", books);
        Hold(books.Vault.Staking == Staking.Continuous || staked == books.Stake, "stake = Σ A_r", books);
    }
}
