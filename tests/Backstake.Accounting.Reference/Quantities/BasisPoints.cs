namespace Backstake.Accounting.Reference;

/// <summary>A share in basis points (1/10,000): 0 … 10,000. Zero is the default; anything else throws.</summary>
public readonly record struct BasisPoints
{
    internal const int WholeValue = 10_000;

    public BasisPoints(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, WholeValue);
        Value = value;
    }

    public int Value { get; }

    public static BasisPoints Zero => default;
    public static BasisPoints Whole => new(WholeValue);

    public override string ToString() => $"{Value} bps";
}
