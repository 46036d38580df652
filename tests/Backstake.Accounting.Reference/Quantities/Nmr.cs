using System.Globalization;
using System.Numerics;

namespace Backstake.Accounting.Reference;

/// <summary>An amount of NMR in wei (10^-18 NMR), of any size and sign: a burn is negative. Zero is the default.</summary>
public readonly record struct Nmr(BigInteger Wei) : IComparable<Nmr>
{
    public const int Decimals = 18;

    public static Nmr Zero => default;

    /// <summary>11,000,000 NMR: more can't exist, so no amount of an event is greater (ACCOUNTING.md 6).</summary>
    public static readonly Nmr GreatestSupply = FromNmr(11_000_000);

    public bool IsPositive => Wei.Sign > 0;
    public bool IsNegative => Wei.Sign < 0;
    public bool IsZero => Wei.IsZero;

    public static Nmr FromNmr(long nmr) => new(nmr * BigInteger.Pow(10, Decimals));

    public static Nmr operator +(Nmr left, Nmr right) => new(left.Wei + right.Wei);
    public static Nmr operator -(Nmr left, Nmr right) => new(left.Wei - right.Wei);
    public static Nmr operator -(Nmr amount) => new(-amount.Wei);

    /// <summary>What so many units are worth together. Exact.</summary>
    public static Nmr operator *(Units units, Nmr each) => new(units.Count * each.Wei);

    public static bool operator <(Nmr left, Nmr right) => left.Wei < right.Wei;
    public static bool operator >(Nmr left, Nmr right) => left.Wei > right.Wei;
    public static bool operator <=(Nmr left, Nmr right) => left.Wei <= right.Wei;
    public static bool operator >=(Nmr left, Nmr right) => left.Wei >= right.Wei;

    public static Nmr Min(Nmr left, Nmr right) => left < right ? left : right;
    public static Nmr Max(Nmr left, Nmr right) => left > right ? left : right;

    /// <summary>The amount, or zero where it is negative.</summary>
    public static Nmr OrZero(Nmr amount) => amount.IsNegative ? Zero : amount;

    /// <summary>⌊amount·part/whole⌋, toward minus infinity. <paramref name="whole"/> is positive.</summary>
    public static Nmr MulDivFloor(Nmr amount, Nmr part, Nmr whole) => new(DivFloor(amount.Wei * part.Wei, whole.Wei));

    /// <summary>⌈amount·part/whole⌉, toward plus infinity. <paramref name="whole"/> is positive.</summary>
    public static Nmr MulDivCeiling(Nmr amount, Nmr part, Nmr whole) => new(-DivFloor(-(amount.Wei * part.Wei), whole.Wei));

    /// <summary>⌊amount·share/10⁴⌋, toward minus infinity.</summary>
    public static Nmr MulDivFloor(Nmr amount, BasisPoints share) => new(DivFloor(amount.Wei * share.Value, BasisPoints.WholeValue));

    /// <summary>⌈amount·share/10⁴⌉, toward plus infinity.</summary>
    public static Nmr MulDivCeiling(Nmr amount, BasisPoints share) => new(-DivFloor(-(amount.Wei * share.Value), BasisPoints.WholeValue));

    /// <summary>⌊amount/parts⌋, toward minus infinity. <paramref name="parts"/> is positive.</summary>
    public static Nmr DivFloor(Nmr amount, int parts) => new(DivFloor(amount.Wei, parts));

    public int CompareTo(Nmr other) => Wei.CompareTo(other.Wei);

    /// <summary>
    /// Reads a decimal number of NMR: <c>-?(0|[1-9][0-9]*)(\.[0-9]{1,18})?</c> and nothing else (ACCOUNTING.md 6). "-0" is zero.
    /// False for any other text; no bound is checked.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Nmr amount)
    {
        amount = default;
        var negative = text.StartsWith('-');
        var number = negative ? text[1..] : text;
        var point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? default : number[(point + 1)..];
        if (!IsDigits(whole) || (whole.Length > 1 && whole[0] == '0')) return false;
        if (point >= 0 && (!IsDigits(fraction) || fraction.Length > Decimals)) return false;

        Span<char> wei = new char[whole.Length + Decimals];
        wei.Fill('0');
        whole.CopyTo(wei);
        fraction.CopyTo(wei[whole.Length..]);
        var value = BigInteger.Parse(wei, NumberStyles.None);
        amount = new Nmr(negative ? -value : value);
        return true;
    }

    /// <summary>The amount in NMR as a decimal number, without trailing zeros or exponent: "-0.25".</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Wei).ToString().PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        var sign = IsNegative ? "-" : "";
        return fraction.Length == 0 ? $"{sign}{digits[..^Decimals]}" : $"{sign}{digits[..^Decimals]}.{fraction}";
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static BigInteger DivFloor(BigInteger dividend, BigInteger divisor)
    {
        if (divisor.Sign <= 0) throw new ArgumentOutOfRangeException(nameof(divisor), "Money is divided by something positive.");
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
