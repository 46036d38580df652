namespace Backstake.Accounting.Reference;

/// <summary>A settlement week of a vault, or the settlement that ends it: 1, 2, …; 0 is before the first.</summary>
public readonly record struct Week : IComparable<Week>
{
    public Week(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Number = number;
    }

    public int Number { get; }

    public static Week operator +(Week week, int weeks) => new(checked(week.Number + weeks));
    public static bool operator <(Week left, Week right) => left.Number < right.Number;
    public static bool operator >(Week left, Week right) => left.Number > right.Number;
    public static bool operator <=(Week left, Week right) => left.Number <= right.Number;
    public static bool operator >=(Week left, Week right) => left.Number >= right.Number;

    public int CompareTo(Week other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString();
}
