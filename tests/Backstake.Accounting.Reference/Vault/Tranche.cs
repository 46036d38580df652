namespace Backstake.Accounting.Reference;

/// <summary>Units of a series that left at the same settlement: they join no further round, but bear those they are in. One that is final and paid in full is gone.</summary>
public sealed record Tranche
{
    public required TrancheId Id { get; init; }

    public required Terms Terms { get; init; }

    /// <summary>The state of each of its units.</summary>
    public required Unit Unit { get; init; }

    public required Holdings Holders { get; init; }

    /// <summary>Settled finally (ACCOUNTING.md 4.2): its units are in no open round and owe nothing more.</summary>
    public bool Final { get; init; }

    public Units Units => Holders.Total;

    public bool PaidInFull => Final && Unit.Paid == Unit.Value;
}
