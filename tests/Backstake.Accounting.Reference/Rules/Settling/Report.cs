using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>What a settlement publishes, and what the chain's lines are made of.</summary>
internal static class Report
{
    public static WeekEntry EntryOf(Books books, Instruction instruction, ImmutableArray<Payment> payments) => new()
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
        Series = [.. books.Series.Values.Select(EntryOf).Concat(books.Tranches.Values.Select(EntryOf)).OrderBy(entry => entry.Series).ThenBy(entry => entry.ExitWeek?.Number ?? 0)],
        Instruction = instruction,
        Payments = payments,
    };

    public static ImmutableArray<ClassLine> LinesOf(Books before, Books after)
    {
        var series = after.Series.Values.Where(series => series.Id.Payout == Payout.Pay).Select(series => LineOf(before, series));
        var tranches = after.Tranches.Values.Select(tranche => LineOf(before, tranche));
        return [.. series.Concat(tranches).OrderBy(line => line.Series).ThenBy(line => line.ExitWeek?.Number ?? 0)];
    }

    private static ClassEntry EntryOf(Series series) => EntryOf(series.Id, null, series.Units, series.Unit, Nmr.Zero, final: false);

    private static ClassEntry EntryOf(Tranche tranche) =>
        EntryOf(tranche.Id.Series, tranche.Id.ExitWeek, tranche.Units, tranche.Unit, Releasable.Of(tranche.Unit, tranche.Terms, tranche.Final), tranche.Final);

    private static ClassEntry EntryOf(SeriesId series, Week? exitWeek, Units units, Unit unit, Nmr releasable, bool final) => new()
    {
        Series = series,
        ExitWeek = exitWeek,
        Units = units,
        UnitValue = unit.Value,
        Cumulative = unit.Cumulative,
        OwnerShare = unit.OwnerShare,
        Owed = unit.Owed,
        Fee = unit.UpfrontFee,
        Cover = unit.Cover,
        Locked = unit.Locked,
        Releasable = releasable,
        Paid = unit.Paid,
        Payable = unit.Payable,
        Distributed = unit.Distributed,
        Final = final,
    };

    private static ClassLine LineOf(Books before, Series series)
    {
        var paidBefore = before.Series.TryGetValue(series.Id, out var old) ? LifetimePaid(old.Unit) : Nmr.Zero;
        var paid = LifetimePaid(series.Unit);
        return new(series.Id, null, series.Units, series.Holders, paid, paid - paidBefore, Cover: Nmr.Zero, Final: false, PaidInFull: false);
    }

    private static ClassLine LineOf(Books before, Tranche tranche)
    {
        var old = before.Tranches.GetValueOrDefault(tranche.Id);
        var unitBefore = old?.Unit ?? before.Series[tranche.Id.Series].Unit;
        var paid = LifetimePaid(tranche.Unit);
        var coverBefore = old?.Unit.Cover ?? Nmr.Zero;
        return new(tranche.Id.Series, tranche.Id.ExitWeek, tranche.Units, tranche.Holders, paid, paid - LifetimePaid(unitBefore), tranche.Unit.Cover - coverBefore, tranche.Final, tranche.PaidInFull);
    }

    private static Nmr LifetimePaid(Unit unit) => unit.Distributed + unit.Paid;
}
