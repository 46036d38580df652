using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.5, in its order: deposits given back, leavers by exit week, pay series, the owner. Collects who got what in one settlement.</summary>
internal sealed class Payments
{
    private readonly SortedDictionary<string, Nmr> _byReceiver = new(StringComparer.Ordinal);

    public Payments(ImmutableArray<Payment> givenBack)
    {
        foreach (var payment in givenBack) Add(payment.To, payment.Amount);
    }

    public Nmr HousePaid { get; private set; }

    public Nmr ReservePaid { get; private set; }

    public ImmutableArray<Payment> ByReceiver() => [.. _byReceiver.Where(payment => !payment.Value.IsZero).Select(payment => new Payment(payment.Key, payment.Value))];

    public Books PayAll(Books books)
    {
        foreach (var exitWeek in books.Tranches.Values.GroupBy(tranche => tranche.Id.ExitWeek).OrderBy(week => week.Key)) books = PayLeavers(books, [.. exitWeek]);
        return PayOwner(PaySeries(Distribute(books)));
    }

    private Books PayLeavers(Books books, ImmutableArray<Tranche> tranches)
    {
        var wanted = tranches.Aggregate(Nmr.Zero, (sum, tranche) => sum + (tranche.Units * ReleasableOf(tranche)));
        var cash = books.Cash;
        foreach (var tranche in tranches)
        {
            var paid = AsCashAllows(ReleasableOf(tranche), wanted, cash);
            books = books.With(tranche with { Unit = tranche.Unit with { Paid = tranche.Unit.Paid + paid } }) with { Cash = books.Cash - (tranche.Units * paid) };
            Add(tranche.Holders, paid);
        }

        return books;

        static Nmr ReleasableOf(Tranche tranche) => Releasable.Of(tranche.Unit, tranche.Terms, tranche.Final);
    }

    private static Books Distribute(Books books)
    {
        var after = books;
        foreach (var series in PayingSeries(books))
        {
            var profit = Releasable.ProfitOf(series.Unit, series.Terms);
            after = after.With(series with { Unit = series.Unit with { Value = series.Unit.Value - profit, Payable = series.Unit.Payable + profit } });
        }

        return after;
    }

    private Books PaySeries(Books books)
    {
        var wanted = PayingSeries(books).Aggregate(Nmr.Zero, (sum, series) => sum + (series.Units * series.Unit.Payable));
        var after = books;
        foreach (var series in PayingSeries(books))
        {
            var paid = AsCashAllows(series.Unit.Payable, wanted, books.Cash);
            var unit = series.Unit with { Payable = series.Unit.Payable - paid, Distributed = series.Unit.Distributed + paid };
            after = after.With(series with { Unit = unit }) with { Cash = after.Cash - (series.Units * paid) };
            Add(series.Holders, paid);
        }

        return after;
    }

    private Books PayOwner(Books books)
    {
        HousePaid = Nmr.OrZero(Nmr.Min(Nmr.Min(books.HouseLeaving, books.HouseFree), Nmr.Min(books.Cash, books.House - books.RequiredHouse)));
        ReservePaid = Nmr.Min(books.ReserveAsked, books.Reserve - books.ReserveLocked);
        Add(Payment.Owner, HousePaid + ReservePaid);
        return books with
        {
            House = books.House - HousePaid,
            HouseLeaving = books.HouseLeaving - HousePaid,
            Cash = books.Cash - HousePaid,
            Reserve = books.Reserve - ReservePaid,
            ReserveAsked = Nmr.Zero,
        };
    }

    private static IEnumerable<Series> PayingSeries(Books books) => books.Series.Values.Where(series => series.Id.Payout == Payout.Pay);

    private static Nmr AsCashAllows(Nmr ofUnit, Nmr wanted, Nmr cash) => wanted > cash ? Nmr.MulDivFloor(ofUnit, cash, wanted) : ofUnit;

    private void Add(Holdings holders, Nmr ofUnit)
    {
        if (ofUnit.IsZero) return;
        foreach (var (backer, units) in holders.ByBacker) Add(backer.Address, units * ofUnit);
    }

    private void Add(string receiver, Nmr amount) => _byReceiver[receiver] = _byReceiver.GetValueOrDefault(receiver) + amount;
}
