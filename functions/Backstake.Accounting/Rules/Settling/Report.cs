using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>What a settlement publishes, and what the chain's lines are made of.</summary>
internal static class Report
{
    public static WeekEntry EntryOf(BooksState books, Instruction instruction, ImmutableArray<Payment> payments) => new()
    {
        Week = books.LastWeek,
        Stake = books.Stake,
        PendingRelease = books.Pending.Total,
        Cash = books.Cash,
        House = books.House,
        HouseLeaving = books.HouseLeaving,
        HouseSpare = books.HouseSpare,
        Reserve = books.Reserve,
        ReserveLocked = books.ReserveLocked,
        Series = InOrder(books, EntryOf, static _ => true),
        Instruction = instruction,
        Payments = payments,
    };

    /// <summary>All tranches and live pay series.</summary>
    public static ImmutableArray<ClassLine> LinesOf(BooksState books) => InOrder(books, LineOf, static one => one.ExitWeek is not null || one.Series.Payout == Payout.Pay);

    /// <summary>Series and tranches, each in its order, together in the order of the books.</summary>
    private static ImmutableArray<T> InOrder<T>(BooksState books, Func<UnitTable, int, T> of, Func<UnitClass, bool> isWanted)
    {
        var series = books.Series.Order;
        var tranches = books.Tranches.Order;
        var all = ImmutableArray.CreateBuilder<T>(series.Length + tranches.Length);
        var (nextSeries, nextTranche) = (0, 0);
        while (nextSeries < series.Length || nextTranche < tranches.Length)
        {
            var isSeries = nextTranche == tranches.Length || (nextSeries < series.Length && IsFirst(series[nextSeries], tranches[nextTranche]));
            var (table, slot) = isSeries ? (books.Series, series[nextSeries++]) : (books.Tranches, tranches[nextTranche++]);
            if (isWanted(table.ClassAt(slot))) all.Add(of(table, slot));
        }

        return all.DrainToImmutable();

        bool IsFirst(int live, int left) => books.Series.ClassAt(live).CompareTo(books.Tranches.ClassAt(left).Series, books.Tranches.ClassAt(left).ExitWeek) < 0;
    }

    private static ClassEntry EntryOf(UnitTable table, int slot)
    {
        ref readonly var unit = ref table.States[slot];
        var ofClass = table.ClassAt(slot);
        return new()
        {
            Series = ofClass.Series,
            ExitWeek = ofClass.ExitWeek,
            Units = table.UnitsAt(slot),
            UnitValue = unit.Value,
            Cumulative = unit.Cumulative,
            OwnerShare = unit.OwnerShare,
            Owed = unit.Owed,
            Fee = unit.UpfrontFee,
            Cover = unit.Cover,
            Locked = Nmr.FromWei(table.InRounds[slot].Locked),
            Releasable = ofClass.ExitWeek is null ? Nmr.Zero : Releasable.Of(table, slot),
            Paid = unit.Paid,
            Payable = unit.Payable,
            Distributed = unit.Distributed,
            Final = unit.Final,
        };
    }

    private static ClassLine LineOf(UnitTable table, int slot)
    {
        ref readonly var unit = ref table.States[slot];
        var ofClass = table.ClassAt(slot);
        return new(ofClass.Series, ofClass.ExitWeek, table.UnitsAt(slot), ofClass.Holders, unit.Distributed + unit.Paid, unit.PaidNow, unit.CoverNow, unit.Final, unit.PaidInFull);
    }
}
