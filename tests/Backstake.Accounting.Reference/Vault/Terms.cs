namespace Backstake.Accounting.Reference;

/// <summary>When the owner's profit share is worked out (ACCOUNTING.md 4.1).</summary>
public enum Crystallisation
{
    AtEnd,
    Weekly,
    WeeklyHighWater,
}

/// <summary>What an owner offers: immutable once offered, named by a digest. Bounds and defaults are ACCOUNTING.md 1's.</summary>
public sealed record Terms
{
    public const int MostClawBackWeeks = 104;
    public const int MostWeeks = 520;
    public const int MostUpfrontFeeBps = 1_000;

    /// <summary>0.001 NMR.</summary>
    public static readonly Nmr SmallestUnitSize = new(1_000_000_000_000_000);
    public static readonly Nmr GreatestUnitSize = Nmr.FromNmr(1_000_000);

    /// <summary>What a unit costs, and its value on its first day.</summary>
    public required Nmr UnitSize { get; init; }

    /// <summary>f: the owner's part of a unit's profit.</summary>
    public required BasisPoints ProfitShareBps { get; init; }

    /// <summary>l: the part of a unit's loss that the owner covers.</summary>
    public required BasisPoints LossShareBps { get; init; }

    /// <summary>ρ: what is locked of the reserve, as a part of the unit size, to pay that cover. The same as l is full cover, less is leverage.</summary>
    public required BasisPoints ReserveBps { get; init; }

    public required Crystallisation Crystallisation { get; init; }

    /// <summary>k: for so many weeks a later loss cancels an owner's share. 0 … 104.</summary>
    public int ClawBackWeeks { get; init; }

    /// <summary>After so many weeks a series ends. 1 … 520.</summary>
    public required int CompoundingWeeks { get; init; }

    /// <summary>For so many weeks nobody may ask to leave. 0 … 520.</summary>
    public int LockupWeeks { get; init; }

    /// <summary>0 … 1,000.</summary>
    public BasisPoints UpfrontFeeBps { get; init; }

    /// <summary>The house must be this part of the backers' value for a deposit to be taken.</summary>
    public BasisPoints HouseMinBps { get; init; }

    /// <summary>What is locked of the reserve for one unit: ⌊unitSize·ρ/10⁴⌋.</summary>
    public Nmr ReserveOfUnit() => Nmr.MulDivFloor(UnitSize, ReserveBps);

    /// <summary>What one unit's deposit takes from the house's spare: ⌈unitSize·houseMinBps/10⁴⌉.</summary>
    public Nmr SpareOfUnit() => Nmr.MulDivCeiling(UnitSize, HouseMinBps);

    /// <summary>⌊unitSize·upfrontFeeBps/10⁴⌋.</summary>
    public Nmr UpfrontFeeOfUnit() => Nmr.MulDivFloor(UnitSize, UpfrontFeeBps);

    /// <summary>The first field that is out of its bounds, by the name it has in the documents, or null: the terms can be offered.</summary>
    public string? FieldOutOfBounds() =>
        UnitSize < SmallestUnitSize || UnitSize > GreatestUnitSize ? "unitSize"
        : !Enum.IsDefined(Crystallisation) ? "crystallisation"
        : ClawBackWeeks is < 0 or > MostClawBackWeeks ? "clawBackWeeks"
        : CompoundingWeeks is < 1 or > MostWeeks ? "compoundingWeeks"
        : LockupWeeks is < 0 or > MostWeeks ? "lockupWeeks"
        : UpfrontFeeBps.Value > MostUpfrontFeeBps ? "upfrontFeeBps"
        : null;
}
