using System.Buffers;

namespace Backstake.Accounting;

/// <summary>What always holds (ACCOUNTING.md 5).</summary>
public static class Invariants
{
    /// <summary>After every event: from the running totals, whatever the number of series. Throws <see cref="InvariantViolatedException"/>.</summary>
    public static void Check(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        Check(books.State);
    }

    /// <summary>At every settlement and on loading: the same, and every unit, and the running totals computed again. Throws <see cref="InvariantViolatedException"/>.</summary>
    public static void CheckInFull(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        CheckInFull(books.State);
    }

    internal static void Check(BooksState books)
    {
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

    internal static void CheckInFull(BooksState books)
    {
        Check(books);
        Hold(books.SumOfUnits() == (books.UnitsWorth, books.UnitsFree), "the running totals of the units", books);
        var reserve = CheckSeries(books) + CheckTranches(books);
        var waiting = Nmr.Zero;
        foreach (var (id, units) in books.WaitingUnits.All)
        {
            waiting += units * books.Terms[id.Terms].UnitSize;
            reserve += units * books.Terms[id.Terms].ReserveOfUnit();
        }

        Hold(waiting == books.WaitingDeposits, "the running total of the waiting deposits", books);
        Hold(reserve == books.ReserveLocked, "locked is what the terms of all units not final, and of waiting deposits, ask for", books);
        CheckRounds(books);
        CheckLocked(books, books.Series);
        CheckLocked(books, books.Tranches);
    }

    internal static void Hold(bool condition, string invariant, BooksState books)
    {
        if (!condition) throw new InvariantViolatedException(invariant, books.Vault.Id, books.LastWeek);
    }

    /// <summary>Returns what their units lock of the reserve.</summary>
    private static Nmr CheckSeries(BooksState books)
    {
        var reserve = Nmr.Zero;
        foreach (var slot in books.Series.Order)
        {
            var series = books.Series.ClassAt(slot);
            var units = books.Series.UnitsAt(slot);
            Hold(!units.IsZero && series.Series.EntryWeek <= books.LastWeek, "a series has units since a settled week", books);
            foreach (var (backer, leaving) in series.Leaving.Holders) Hold(leaving <= series.Holders.Of(backer), "nobody asks out more units than are held", books);
            CheckUnit(books, books.Series, slot);
            reserve += units * series.ReserveOfUnit;
        }

        return reserve;
    }

    private static Nmr CheckTranches(BooksState books)
    {
        var reserve = Nmr.Zero;
        foreach (var slot in books.Tranches.Order)
        {
            var tranche = books.Tranches.ClassAt(slot);
            var units = books.Tranches.UnitsAt(slot);
            ref readonly var unit = ref books.Tranches.States[slot];
            Hold(!units.IsZero && tranche.ExitWeek <= books.LastWeek && tranche.ExitWeek > tranche.Series.EntryWeek, "a tranche has units that left in a settled week", books);
            Hold(unit.Payable.IsZero, "a leaver has nothing payable", books);
            Hold(!unit.Final || (unit.OwedInAll.IsZero && !books.Tranches.IsInARound(slot)), "what is final is in no round and owes nothing", books);
            CheckUnit(books, books.Tranches, slot);
            if (!unit.Final) reserve += units * tranche.ReserveOfUnit;
        }

        return reserve;
    }

    private static void CheckUnit(BooksState books, UnitTable table, int slot)
    {
        ref readonly var unit = ref table.States[slot];
        Hold(table.ValueAt(slot) >= unit.Paid && !unit.Paid.IsNegative, "v ≥ p ≥ 0", books);
        Hold(!unit.Payable.IsNegative, "y ≥ 0", books);
        Hold(!unit.UpfrontFee.IsNegative, "nobody owes less than nothing", books);
        CheckEntries(books, unit);
        books.Regime.CheckUnit(books, table, slot);
    }

    private static void CheckEntries(BooksState books, in UnitState unit)
    {
        var owed = Nmr.Zero;
        var lastWeek = -1;
        foreach (var entry in unit.Entries)
        {
            Hold(entry.Week.Number > lastWeek && entry.Week <= books.LastWeek, "entries are of settled weeks, oldest first", books);
            Hold(entry.Amount.IsPositive, "nobody owes less than nothing", books);
            (lastWeek, owed) = (entry.Week.Number, owed + entry.Amount);
        }

        Hold(owed == unit.Owed, "the running total of a unit's entries", books);
    }

    private static void CheckRounds(BooksState books)
    {
        var (staked, houseLocked) = (Nmr.Zero, Nmr.Zero);
        for (var index = 0; index < books.OpenRounds.Count; index++)
        {
            var round = books.OpenRounds[index];
            Hold(books.LastClosed is { } last && round.Round <= last, "no round is open beyond the last closed", books);
            Hold(index == 0 || round.Round > books.OpenRounds[index - 1].Round, "rounds are open in their order", books);
            Hold(!round.HouseStake.IsNegative, "the house's part of a stake ≥ 0", books);
            Hold(round.HouseStake + Staked(books, books.Series, index) + Staked(books, books.Tranches, index) == round.Stake, "A_r is the sum of its parts", books);
            staked += round.Stake;
            houseLocked += Nmr.FromWei(books.Locked(round.HouseStake.Value));
        }

        Hold(houseLocked == books.HouseLocked, "the running total of the house's locked stakes", books);
        Hold(books.Vault.Staking == Staking.Continuous || staked == books.Stake, "stake = Σ A_r", books);
    }

    private static Nmr Staked(BooksState books, UnitTable table, int round)
    {
        var staked = Nmr.Zero;
        var stakes = table.StakesIn(round);
        var units = table.InRounds;
        for (var slot = 0; slot < stakes.Length; slot++)
        {
            Hold(!Int128.IsNegative(stakes[slot]), "s_r > 0", books);
            staked += new Units(units[slot].Units) * Nmr.FromWei(stakes[slot]);
        }

        return staked;
    }

    private static void CheckLocked(BooksState books, UnitTable table)
    {
        var locked = ArrayPool<Int128>.Shared.Rent(table.Slots);
        locked.AsSpan(0, table.Slots).Clear();
        for (var round = 0; round < books.OpenRounds.Count; round++)
        {
            var stakes = table.StakesIn(round);
            for (var slot = 0; slot < stakes.Length; slot++) locked[slot] += books.Locked(stakes[slot]);
        }

        for (var slot = 0; slot < table.Slots; slot++) Hold(locked[slot] == table.InRounds[slot].Locked, "the running total of a unit's locked stakes", books);
        ArrayPool<Int128>.Shared.Return(locked);
    }
}
