using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.5, in its order: deposits given back, leavers by exit week, pay series, the owner. Collects who got what in one settlement.</summary>
internal sealed class Payments
{
    private readonly Dictionary<string, Nmr> _byReceiver = new(StringComparer.Ordinal);

    public Payments(ImmutableArray<Payment> givenBack)
    {
        foreach (var payment in givenBack) Add(payment.To, payment.Amount);
    }

    public Nmr HousePaid { get; private set; }

    public Nmr ReservePaid { get; private set; }

    public ImmutableArray<Payment> ByReceiver()
    {
        var payments = _byReceiver.Where(payment => !payment.Value.IsZero).Select(payment => new Payment(payment.Key, payment.Value)).ToArray();
        Array.Sort(payments, static (left, right) => string.CompareOrdinal(left.To, right.To));
        return ImmutableCollectionsMarshal.AsImmutableArray(payments);
    }

    public void PayAll(BooksState books)
    {
        PayLeavers(books);
        PaySeries(books);
        PayOwner(books);
    }

    /// <summary>Exit week by exit week.</summary>
    private void PayLeavers(BooksState books)
    {
        var tranches = books.Tranches;
        var slots = tranches.Order.ToArray();
        foreach (var exitWeek in slots.GroupBy(slot => tranches.ClassAt(slot).ExitWeek!.Value).OrderBy(week => week.Key)) PayLeavers(books, tranches, [.. exitWeek]);
    }

    private void PayLeavers(BooksState books, UnitTable tranches, ReadOnlySpan<int> slots)
    {
        var wanted = Nmr.Zero;
        foreach (var slot in slots) wanted += tranches.UnitsAt(slot) * Releasable.Of(tranches, slot);
        var units = tranches.Change();
        var cash = books.Cash;
        foreach (var slot in slots)
        {
            var paid = AsCashAllows(Releasable.Of(tranches, slot), wanted, cash);
            units[slot].Paid += paid;
            units[slot].PaidNow += paid;
            books.Cash -= tranches.UnitsAt(slot) * paid;
            Add(tranches.ClassAt(slot).Holders, paid);
        }
    }

    private void PaySeries(BooksState books)
    {
        var series = books.Series;
        var units = series.Change();
        var wanted = Nmr.Zero;
        foreach (var slot in series.Order)
        {
            if (series.ClassAt(slot).Series.Payout != Payout.Pay) continue;
            var profit = Releasable.ProfitOf(series, slot);
            units[slot].Value -= profit;
            units[slot].Payable += profit;
            wanted += series.UnitsAt(slot) * units[slot].Payable;
        }

        if (wanted.IsZero) return;
        var cash = books.Cash;
        foreach (var slot in series.Order)
        {
            if (series.ClassAt(slot).Series.Payout != Payout.Pay) continue;
            var paid = AsCashAllows(units[slot].Payable, wanted, cash);
            units[slot].Payable -= paid;
            units[slot].Distributed += paid;
            units[slot].PaidNow += paid;
            books.Cash -= series.UnitsAt(slot) * paid;
            Add(series.ClassAt(slot).Holders, paid);
        }
    }

    private void PayOwner(BooksState books)
    {
        if (books.HouseLeaving.IsPositive)
            HousePaid = Nmr.OrZero(Nmr.Min(Nmr.Min(books.HouseLeaving, books.HouseFree), Nmr.Min(books.Cash, books.House - books.RequiredHouse)));
        ReservePaid = Nmr.Min(books.ReserveAsked, books.Reserve - books.ReserveLocked);
        Add(Payment.Owner, HousePaid + ReservePaid);
        books.House -= HousePaid;
        books.HouseLeaving -= HousePaid;
        books.Cash -= HousePaid;
        books.Reserve -= ReservePaid;
        books.ReserveAsked = Nmr.Zero;
    }

    private static Nmr AsCashAllows(Nmr ofUnit, Nmr wanted, Nmr cash) => wanted > cash ? Nmr.MulDivFloor(ofUnit, cash, wanted) : ofUnit;

    private void Add(Holdings holders, Nmr ofUnit)
    {
        if (ofUnit.IsZero) return;
        foreach (var (backer, units) in holders.Holders) Add(backer.Address, units * ofUnit);
    }

    private void Add(string receiver, Nmr amount) => CollectionsMarshal.GetValueRefOrAddDefault(_byReceiver, receiver, out _) += amount;
}
