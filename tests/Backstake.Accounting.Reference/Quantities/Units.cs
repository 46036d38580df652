namespace Backstake.Accounting.Reference;

/// <summary>A number of units: 0 or more (less throws). Zero is the default.</summary>
public readonly record struct Units : IComparable<Units>
{
    /// <summary>The most units that one event may name (ACCOUNTING.md 6).</summary>
    public const long MostOfAnEvent = 1_000_000;

    public Units(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
    }

    public long Count { get; }

    public static Units Zero => default;

    public bool IsZero => Count == 0;

    public static Units operator +(Units left, Units right) => new(checked(left.Count + right.Count));
    public static Units operator -(Units left, Units right) => new(left.Count - right.Count);
    public static bool operator <(Units left, Units right) => left.Count < right.Count;
    public static bool operator >(Units left, Units right) => left.Count > right.Count;
    public static bool operator <=(Units left, Units right) => left.Count <= right.Count;
    public static bool operator >=(Units left, Units right) => left.Count >= right.Count;

    public int CompareTo(Units other) => Count.CompareTo(other.Count);

    public override string ToString() => Count.ToString();
}
