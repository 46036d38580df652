using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>
/// What a unit of one class would get in an escape: of the tranche that left in <paramref name="ExitWeek"/>, or with null of the live units of the series.
/// <paramref name="Value"/> is one unit's.
/// </summary>
public readonly record struct EscapeClass(SeriesId Series, Week? ExitWeek, Units Units, Nmr Value);

/// <summary>
/// What everybody would get if a settlement were the vault's last (CONTRACT.md "Decided" 15): every unit v − p after ACCOUNTING.md 4.2, as if at that settlement no round were open, everybody
/// left and the vault were winding down. The leaves of the tree whose root the settlement brings to the chain.
/// </summary>
/// <param name="Classes">By terms id, entry week, payout, exit week, live first; also those whose units would get nothing.</param>
/// <param name="House">The house with what the units would give it.</param>
/// <param name="Cover">What the reserve would give all units together; it is in their values.</param>
public sealed record EscapeValues(ImmutableArray<EscapeClass> Classes, Nmr House, Nmr Cover)
{
    /// <summary>House and Σ units·value: to the wei the stake, cash and cover.</summary>
    public Nmr Total => Classes.Aggregate(House, (sum, one) => sum + (one.Units * one.Value));

    /// <param name="books">The books after a settlement.</param>
    /// <exception cref="ArgumentException">Something waits for the next settlement: it belongs to nobody's units yet.</exception>
    public static EscapeValues Of(Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        if (!books.WaitingUnits.IsEmpty || !books.HouseWaiting.IsZero) throw new ArgumentException("An escape pays by the books after a settlement; here something waits for the next one.", nameof(books));

        // Rule 2 leaves here what it moves: to the house, and from the reserve.
        var ending = new BooksState(books.Vault) { LastWeek = books.LastWeek, IsWindingDown = true };
        var classes = Settle(books.State.Series, ending).Concat(Settle(books.State.Tranches, ending)).OrderBy(one => one.Series).ThenBy(one => one.ExitWeek?.Number ?? 0).ToImmutableArray();
        return new(classes, books.House + ending.House, -ending.Reserve);
    }

    /// <summary>Each class by itself, out of all rounds: the tranche that left this week and what stays live of its series would have the same name.</summary>
    private static IEnumerable<EscapeClass> Settle(UnitTable table, BooksState ending)
    {
        foreach (var slot in table.Order.ToArray())
        {
            var (one, unit, result) = (table.ClassAt(slot), table.States[slot], Nmr.FromWei(table.InRounds[slot].Result));
            unit.Value += unit.Payable + result;
            unit.Payable = Nmr.Zero;
            unit.Cumulative += result;
            var leaving = ending.Tranches.Add(one with { ExitWeek = one.ExitWeek ?? ending.LastWeek }, unit);
            FinalSettlement.SettleIfDue(ending, leaving);
            var left = ending.Tranches.States[leaving];
            ending.Tranches.Remove(leaving);
            yield return new EscapeClass(one.Series, one.ExitWeek, table.UnitsAt(slot), left.Value - left.Paid);
        }
    }
}
