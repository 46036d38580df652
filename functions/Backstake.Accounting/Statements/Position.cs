using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>What a backer has in a vault now, class by class: seen in the books, computed by nobody else.</summary>
public sealed record Position
{
    public required Backer Backer { get; init; }

    /// <summary>Waiting first; then by terms id, entry week, payout and exit week, live before leaving.</summary>
    public required ImmutableArray<Holding> Holdings { get; init; }

    /// <summary>What a settlement would pay the backer now, if nothing else happened before it; of deposits that a vault that winds down gives back, too.</summary>
    public required Nmr NextPayment { get; init; }

    public bool IsEmpty => Holdings.IsEmpty;

    public Nmr Worth => Sum(holding => holding.Worth);

    public Nmr Waiting => Sum(holding => holding.Waiting);

    public Nmr AtRisk => Sum(holding => holding.AtRisk);

    public Nmr ForOwner => Sum(holding => holding.ForOwner);

    public Nmr Staying => Sum(holding => holding.Staying);

    public Nmr Releasable => Sum(holding => holding.Releasable);

    public Nmr Payable => Sum(holding => holding.Payable);

    public Nmr Owed => Sum(holding => holding.Owed);

    public Nmr Cover => Sum(holding => holding.Cover);

    public Nmr Paid => Sum(holding => holding.Paid);

    /// <summary>The backer's part in each open round, in their order.</summary>
    public ImmutableArray<RoundPart> Rounds =>
    [
        .. Holdings.SelectMany(holding => holding.Rounds).GroupBy(part => part.Round).OrderBy(round => round.Key)
            .Select(round => new RoundPart(round.Key, Sum(round, part => part.Stake), Sum(round, part => part.AtRisk))),
    ];

    /// <exception cref="InvariantViolatedException">The books don't add up.</exception>
    public static Position Of(Books books, Backer backer)
    {
        ArgumentNullException.ThrowIfNull(books);
        return new() { Backer = backer, Holdings = [.. HoldingsOf(books.State, backer)], NextPayment = IfSettledNow(books, backer) };
    }

    /// <summary>Whether the backer has anything in the vault: units that live, wait or leave.</summary>
    public static bool IsIn(Books books, Backer backer)
    {
        ArgumentNullException.ThrowIfNull(books);
        return books.State.WaitingUnits.All.Any(one => one.Key.Backer == backer) || IsIn(books.State.Series, backer) || IsIn(books.State.Tranches, backer);
    }

    internal static IEnumerable<Holding> HoldingsOf(BooksState books, Backer backer)
    {
        foreach (var (id, units) in books.WaitingUnits.Sorted())
        {
            if (id.Backer == backer) yield return Holding.OfWaiting(id, units, books.LastWeek + 1, books.Terms[id.Terms]);
        }

        foreach (var holding in ClassesOf(books, books.Series, backer).Concat(ClassesOf(books, books.Tranches, backer)).OrderBy(one => one.Series).ThenBy(one => one.ExitWeek?.Number ?? 0))
            yield return holding;
    }

    private static IEnumerable<Holding> ClassesOf(BooksState books, UnitTable table, Backer backer)
    {
        foreach (var slot in table.Order.ToArray())
        {
            if (!table.ClassAt(slot).Holders.Of(backer).IsZero) yield return Holding.OfClass(books, table, slot, backer);
        }
    }

    private static bool IsIn(UnitTable table, Backer backer)
    {
        foreach (var slot in table.Order)
        {
            if (!table.ClassAt(slot).Holders.Of(backer).IsZero) return true;
        }

        return false;
    }

    private static Nmr IfSettledNow(Books books, Backer backer)
    {
        new Fold(books).Apply(new Settle(books.LastWeek + 1), out var settlement);
        return Sum(settlement!.Payments.Where(payment => payment.To == backer.Address), payment => payment.Amount);
    }

    private Nmr Sum(Func<Holding, Nmr> of) => Sum(Holdings, of);

    private static Nmr Sum<T>(IEnumerable<T> all, Func<T, Nmr> of) => all.Aggregate(Nmr.Zero, (sum, one) => sum + of(one));
}
