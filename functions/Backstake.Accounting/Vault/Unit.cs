using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>Profit share that a unit owes the owner since the settlement of a week, and keeps inside until it is paid.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Entry(Week Week, Nmr Amount);

/// <summary>A unit's part in an open round: <paramref name="Stake"/> is s_r > 0; <paramref name="Locked"/> what of it the round could still burn.</summary>
[StructLayout(LayoutKind.Auto)]
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

    /// <summary>The part it has in a round, or null.</summary>
    public Part? PartIn(Round round)
    {
        foreach (var part in Parts)
        {
            if (part.Round == round) return part;
        }

        return null;
    }
}
