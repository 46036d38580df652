namespace Backstake.Accounting.Reference;

/// <summary>The number of a round of Numerai's tournament: 0 … 2^31 − 1.</summary>
public readonly record struct Round : IComparable<Round>
{
    public Round(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Number = number;
    }

    public int Number { get; }

    public static bool operator <(Round left, Round right) => left.Number < right.Number;
    public static bool operator >(Round left, Round right) => left.Number > right.Number;
    public static bool operator <=(Round left, Round right) => left.Number <= right.Number;
    public static bool operator >=(Round left, Round right) => left.Number >= right.Number;

    public int CompareTo(Round other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString();
}
