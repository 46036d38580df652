using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>What names a series or a tranche and who holds its units. What money can't move.</summary>
/// <param name="ExitWeek">Null: a live series.</param>
/// <param name="Leaving">What the holders of a live series asked out.</param>
internal sealed record UnitClass(SeriesId Series, Week? ExitWeek, Terms Terms, Holdings Holders, Holdings Leaving)
{
    /// <summary>⌊unitSize·ρ/10⁴⌋.</summary>
    public Nmr ReserveOfUnit { get; } = Terms.ReserveOfUnit();

    /// <summary>What a backer may still transfer or ask out.</summary>
    public Units FreeOf(Backer backer) => Holders.Of(backer) - Leaving.Of(backer);

    /// <summary>By terms id, entry week, payout, exit week (live first): the order of all books.</summary>
    public int CompareTo(SeriesId series, Week? exitWeek)
    {
        var bySeries = Series.CompareTo(series);
        return bySeries != 0 ? bySeries : (ExitWeek?.Number ?? 0).CompareTo(exitWeek?.Number ?? 0);
    }
}

/// <summary>What open rounds move of a class, and nothing else: small, so that a round's result touches little memory.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct UnitInRounds
{
    /// <summary>What rounds gave a unit since the last settlement, which takes it into v, c and g.</summary>
    public Int128 Result;

    /// <summary>Σ locked of a unit's stakes in open rounds.</summary>
    public Int128 Locked;

    /// <summary>How many units the class has.</summary>
    public long Units;
}

/// <summary>
/// The state of one unit of a class (ACCOUNTING.md 1, "Per unit") as of the last settlement: what rounds gave since is in <see cref="UnitInRounds.Result"/>. Changed in place.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct UnitState
{
    /// <summary>v.</summary>
    public Nmr Value;

    /// <summary>p.</summary>
    public Nmr Paid;

    /// <summary>F.</summary>
    public Nmr UpfrontFee;

    /// <summary>Σ entries.</summary>
    public Nmr Owed;

    /// <summary>t.</summary>
    public Nmr Target;

    /// <summary>c.</summary>
    public Nmr Cumulative;

    /// <summary>g.</summary>
    public Nmr SinceSettlement;

    /// <summary>a.</summary>
    public Nmr OwnerShare;

    /// <summary>b.</summary>
    public Nmr Cover;

    /// <summary>y.</summary>
    public Nmr Payable;

    /// <summary>d.</summary>
    public Nmr Distributed;

    /// <summary>What the settlement at hand paid, of d and p.</summary>
    public Nmr PaidNow;

    /// <summary>What the settlement at hand covered, of b.</summary>
    public Nmr CoverNow;

    /// <summary>Oldest first, at most one a week, each positive.</summary>
    public ImmutableArray<Entry> Entries;

    /// <summary>Settled finally (ACCOUNTING.md 4.2).</summary>
    public bool Final;

    /// <summary>o: the upfront fee not yet earned and all entries.</summary>
    public readonly Nmr OwedInAll => UpfrontFee + Owed;

    /// <summary>v + y − p.</summary>
    public readonly Nmr Worth => Value + Payable - Paid;

    public readonly bool PaidInFull => Final && Paid == Value;

    public static UnitState Joining(Terms terms) => new() { Value = terms.UnitSize, UpfrontFee = terms.UpfrontFeeOfUnit(), Entries = [] };

    public void Owe(Week week, Nmr amount)
    {
        if (!amount.IsPositive) return;
        Entries = Entries.Add(new Entry(week, amount));
        Owed += amount;
    }

    /// <summary>Cancels up to <paramref name="amount"/> of the entries with weekFirst ≤ week &lt; weekEnd, newest first.</summary>
    public void CancelEntries(Nmr amount, int weekFirst, int weekEnd)
    {
        for (var i = Entries.Length - 1; i >= 0 && amount.IsPositive; i--)
        {
            if (Entries[i].Week.Number < weekFirst || Entries[i].Week.Number >= weekEnd) continue;
            var cancelled = Nmr.Min(amount, Entries[i].Amount);
            amount -= cancelled;
            Shrink(i, cancelled);
        }
    }

    /// <summary>Pays the owner entries of a week up to <paramref name="weekLast"/>, oldest first, together at most <paramref name="most"/>.</summary>
    public Nmr PayEntries(int weekLast, Nmr most)
    {
        var paid = Nmr.Zero;
        while (Entries.Length > 0 && Entries[0].Week.Number <= weekLast && paid < most)
        {
            var part = Nmr.Min(most - paid, Entries[0].Amount);
            paid += part;
            Shrink(0, part);
        }

        Value -= paid;
        OwnerShare += paid;
        return paid;
    }

    /// <summary>Pays the owner the upfront fee, at most <paramref name="most"/>.</summary>
    public Nmr PayUpfrontFee(Nmr most)
    {
        var paid = Nmr.Min(UpfrontFee, most);
        UpfrontFee -= paid;
        Value -= paid;
        return paid;
    }

    /// <summary>Nothing is owed any more.</summary>
    public void WriteOffOwed()
    {
        UpfrontFee = Nmr.Zero;
        Entries = [];
        Owed = Nmr.Zero;
    }

    private void Shrink(int index, Nmr amount)
    {
        var entry = Entries[index];
        Entries = entry.Amount == amount ? Entries.RemoveAt(index) : Entries.SetItem(index, entry with { Amount = entry.Amount - amount });
        Owed -= amount;
    }
}
