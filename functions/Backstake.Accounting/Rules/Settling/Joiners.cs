using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.4: what waited joins, or is given back by a vault that winds down.</summary>
internal static class Joiners
{
    /// <summary>Returns the deposits that are given back.</summary>
    public static ImmutableArray<Payment> Join(BooksState books)
    {
        ImmutableArray<Payment> givenBack = [];
        if (!books.WaitingUnits.IsEmpty)
        {
            var waiting = books.WaitingUnits.Sorted();
            if (books.IsWindingDown) givenBack = [.. waiting.Select(one => GiveBack(books, one.Key, one.Value))];
            else JoinAsSeries(books, waiting);
            books.WaitingUnits.Clear();
            books.WaitingDeposits = Nmr.Zero;
        }

        books.House += books.HouseWaiting;
        books.HouseWaiting = Nmr.Zero;
        books.HouseLeaving = Nmr.Min(books.HouseLeaving + books.HouseAsked, Nmr.OrZero(books.House));
        books.HouseAsked = Nmr.Zero;
        books.Regime.ReleaseIfNothingIsOpen(books);
        return givenBack;
    }

    /// <summary>What waits is sorted by terms, payout and backer: so series by series.</summary>
    private static void JoinAsSeries(BooksState books, KeyValuePair<WaitingId, Units>[] waiting)
    {
        for (var first = 0; first < waiting.Length;)
        {
            var (id, next) = (waiting[first].Key, first + 1);
            while (next < waiting.Length && waiting[next].Key.Terms == id.Terms && waiting[next].Key.Payout == id.Payout) next++;
            var holders = Holdings.Of(Array.ConvertAll(waiting[first..next], one => KeyValuePair.Create(one.Key.Backer, one.Value)));
            var terms = books.Terms[id.Terms];
            books.Series.Add(new UnitClass(new SeriesId(id.Terms, books.LastWeek, id.Payout), null, terms, holders, Holdings.None), UnitState.Joining(terms));
            first = next;
        }
    }

    private static Payment GiveBack(BooksState books, WaitingId id, Units units)
    {
        var terms = books.Terms[id.Terms];
        var amount = units * terms.UnitSize;
        books.Cash -= amount;
        books.ReserveLocked -= units * terms.ReserveOfUnit();
        return new Payment(id.Backer.Address, amount);
    }
}
