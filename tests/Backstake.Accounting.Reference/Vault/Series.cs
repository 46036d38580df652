namespace Backstake.Accounting.Reference;

/// <summary>The live units of a series. One whose last unit has left is gone.</summary>
public sealed record Series
{
    public required SeriesId Id { get; init; }

    public required Terms Terms { get; init; }

    /// <summary>The state of each of its units.</summary>
    public required Unit Unit { get; init; }

    public required Holdings Holders { get; init; }

    /// <summary>What the holders asked out: it leaves at the next settlement.</summary>
    public Holdings Leaving { get; init; } = Holdings.None;

    public Units Units => Holders.Total;

    /// <summary>What a backer may still transfer or ask out.</summary>
    public Units FreeOf(Backer backer) => Holders.Of(backer) - Leaving.Of(backer);

    /// <summary>Units·⌈v·houseMinBps/10⁴⌉: its part of the required house.</summary>
    public Nmr RequiredHouse => Units * Nmr.MulDivCeiling(Unit.Value, Terms.HouseMinBps);
}
