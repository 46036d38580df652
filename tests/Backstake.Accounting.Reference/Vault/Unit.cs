using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>Profit share that a unit owes the owner since the settlement of a week, and keeps inside until it is paid.</summary>
public readonly record struct Entry(Week Week, Nmr Amount);

/// <summary>A unit's part in an open round: <paramref name="Stake"/> is s_r > 0; <paramref name="Locked"/> what of it the round could still burn.</summary>
public readonly record struct Part(Round Round, Nmr Stake, Nmr Locked);

/// <summary>
/// The state of one unit (ACCOUNTING.md 1, "Per unit"). All units of a series, and of a tranche, are in the same state.
/// </summary>
public sealed record Unit
{
    /// <summary>v.</summary>
    public required Nmr Value { get; init; }

    /// <summary>c: the gross result since entry.</summary>
    public Nmr Cumulative { get; init; }

    /// <summary>g: the gross result since the last settlement.</summary>
    public Nmr SinceSettlement { get; init; }

    /// <summary>a: the profit share that the owner has taken.</summary>
    public Nmr OwnerShare { get; init; }

    /// <summary>F: the upfront fee that isn't earned yet.</summary>
    public Nmr UpfrontFee { get; init; }

    /// <summary>Profit share owed, oldest first, at most one entry a week, each positive.</summary>
    public ImmutableArray<Entry> Entries { get; init; } = [];

    /// <summary>b: cover received from the reserve.</summary>
    public Nmr Cover { get; init; }

    /// <summary>p: paid as a leaver.</summary>
    public Nmr Paid { get; init; }

    /// <summary>y: distributed in the books, waiting for cash (continuous only).</summary>
    public Nmr Payable { get; init; }

    /// <summary>d: distributed.</summary>
    public Nmr Distributed { get; init; }

    /// <summary>t: its stake in each round of this week, at most (perRound only).</summary>
    public Nmr Target { get; init; }

    /// <summary>Its parts in open rounds, in the order of the rounds.</summary>
    public ImmutableArray<Part> Parts { get; init; } = [];

    /// <summary>Σ locked of <see cref="Parts"/>.</summary>
    public Nmr Locked { get; init; }

    /// <summary>u = v − p − Σ locked.</summary>
    public Nmr Free => Value - Paid - Locked;

    /// <summary>v + y − p: what of the vault's stake and cash is this unit's.</summary>
    public Nmr Worth => Value + Payable - Paid;

    /// <summary>Σ entries.</summary>
    public Nmr Owed
    {
        get
        {
            var owed = Nmr.Zero;
            foreach (var entry in Entries) owed += entry.Amount;
            return owed;
        }
    }

    /// <summary>o: the upfront fee not yet earned and all entries.</summary>
    public Nmr OwedInAll => UpfrontFee + Owed;

    public static Unit Joining(Terms terms) => new() { Value = terms.UnitSize, UpfrontFee = terms.UpfrontFeeOfUnit() };

    /// <summary>The part it has in a round, or null.</summary>
    public Part? PartIn(Round round)
    {
        foreach (var part in Parts)
        {
            if (part.Round == round) return part;
        }

        return null;
    }

    internal Unit Join(Part part) => this with { Parts = Parts.Add(part), Locked = Locked + part.Locked };

    /// <summary>The round is over for this unit: it gained <paramref name="result"/>.</summary>
    internal Unit Leave(Part part, Nmr result) => this with
    {
        Parts = Parts.Remove(part),
        Locked = Locked - part.Locked,
        Value = Value + result,
        Cumulative = Cumulative + result,
        SinceSettlement = SinceSettlement + result,
    };

    internal Unit Owe(Week week, Nmr amount) => amount.IsPositive ? this with { Entries = Entries.Add(new Entry(week, amount)) } : this;

    /// <summary>Cancels up to <paramref name="amount"/> of the entries with weekFirst ≤ week &lt; weekEnd, newest first.</summary>
    internal Unit CancelEntries(Nmr amount, int weekFirst, int weekEnd)
    {
        var entries = Entries;
        for (var i = entries.Length - 1; i >= 0 && amount.IsPositive; i--)
        {
            if (entries[i].Week.Number < weekFirst || entries[i].Week.Number >= weekEnd) continue;
            var cancelled = Nmr.Min(amount, entries[i].Amount);
            amount -= cancelled;
            entries = Shrink(entries, i, cancelled);
        }

        return this with { Entries = entries };
    }

    /// <summary>Pays the owner entries of a week up to <paramref name="weekLast"/>, oldest first, together at most <paramref name="most"/>.</summary>
    internal (Unit Unit, Nmr Paid) PayEntries(int weekLast, Nmr most)
    {
        var entries = Entries;
        var paid = Nmr.Zero;
        while (entries.Length > 0 && entries[0].Week.Number <= weekLast && paid < most)
        {
            var part = Nmr.Min(most - paid, entries[0].Amount);
            paid += part;
            entries = Shrink(entries, 0, part);
        }

        return (this with { Entries = entries, Value = Value - paid, OwnerShare = OwnerShare + paid }, paid);
    }

    /// <summary>Pays the owner the upfront fee, at most <paramref name="most"/>.</summary>
    internal (Unit Unit, Nmr Paid) PayUpfrontFee(Nmr most)
    {
        var paid = Nmr.Min(UpfrontFee, most);
        return (this with { UpfrontFee = UpfrontFee - paid, Value = Value - paid }, paid);
    }

    private static ImmutableArray<Entry> Shrink(ImmutableArray<Entry> entries, int index, Nmr amount) =>
        entries[index].Amount == amount ? entries.RemoveAt(index) : entries.SetItem(index, entries[index] with { Amount = entries[index].Amount - amount });
}
