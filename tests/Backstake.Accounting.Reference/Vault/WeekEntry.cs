using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>One series or tranche in a week's entry; the amounts are of one unit. The names are those of ACCOUNTING.md 6.</summary>
public sealed record ClassEntry
{
    public required SeriesId Series { get; init; }
    public required Week? ExitWeek { get; init; }
    public required Units Units { get; init; }
    public required Nmr UnitValue { get; init; }
    public required Nmr Cumulative { get; init; }
    public required Nmr OwnerShare { get; init; }
    public required Nmr Owed { get; init; }
    public required Nmr Fee { get; init; }
    public required Nmr Cover { get; init; }
    public required Nmr Locked { get; init; }
    public required Nmr Releasable { get; init; }
    public required Nmr Paid { get; init; }
    public required Nmr Payable { get; init; }
    public required Nmr Distributed { get; init; }
    public required bool Final { get; init; }
}

/// <summary>The published books of one week: everything as it stands after the settlement (ACCOUNTING.md 6).</summary>
public sealed record WeekEntry
{
    public required Week Week { get; init; }
    public required Nmr Stake { get; init; }
    public required Nmr PendingRelease { get; init; }
    public required Nmr Cash { get; init; }
    public required Nmr House { get; init; }
    public required Nmr HouseLeaving { get; init; }
    public required Nmr HouseSpare { get; init; }
    public required Nmr Reserve { get; init; }
    public required Nmr ReserveLocked { get; init; }

    /// <summary>By terms id, entry week, payout, exit week, live first.</summary>
    public required ImmutableArray<ClassEntry> Series { get; init; }
    public required Instruction Instruction { get; init; }
    public required ImmutableArray<Payment> Payments { get; init; }
}
