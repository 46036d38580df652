using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.4: what waited joins, or is given back by a vault that winds down.</summary>
internal static class Joiners
{
    public static (Books Books, ImmutableArray<Payment> GivenBack) Join(Books books)
    {
        var givenBack = books.IsWindingDown ? books.WaitingUnits.Select(waiting => GiveBack(books, waiting.Key, waiting.Value)).ToImmutableArray() : [];
        var after = books;
        foreach (var (id, units) in books.WaitingUnits)
        {
            after = after.WithWaiting(id, Units.Zero);
            after = books.IsWindingDown ? Leave(after, books.Terms[id.Terms], units) : JoinSeries(after, id, units);
        }

        var house = after.House + after.HouseWaiting;
        after = after with
        {
            House = house,
            HouseWaiting = Nmr.Zero,
            HouseLeaving = Nmr.Min(after.HouseLeaving + after.HouseAsked, Nmr.OrZero(house)),
            HouseAsked = Nmr.Zero,
        };
        return (after.Regime.ReleaseIfNothingIsOpen(after), givenBack);
    }

    private static Books JoinSeries(Books books, WaitingId waiting, Units units)
    {
        var id = new SeriesId(waiting.Terms, books.LastWeek, waiting.Payout);
        var terms = books.Terms[waiting.Terms];
        var series = books.Series.GetValueOrDefault(id) ?? new Series { Id = id, Terms = terms, Unit = Unit.Joining(terms), Holders = Holdings.None };
        return books.With(series with { Holders = series.Holders.Add(waiting.Backer, units) });
    }

    private static Books Leave(Books books, Terms terms, Units units) =>
        books with { Cash = books.Cash - (units * terms.UnitSize), ReserveLocked = books.ReserveLocked - (units * terms.ReserveOfUnit()) };

    private static Payment GiveBack(Books books, WaitingId id, Units units) => new(id.Backer.Address, units * books.Terms[id.Terms].UnitSize);
}
