using System.Globalization;
using System.Numerics;

namespace Backstake.Sandbox.Scores;

/// <summary>
/// A decimal number without error: <see cref="Unscaled"/> · 10^−<see cref="Scale"/>, scale ≥ 0, no trailing zeros. Scores become money through it, so no
/// binary fraction ever comes near. Zero is the default.
/// </summary>
public readonly record struct ExactDecimal : IComparable<ExactDecimal>
{
    /// <summary>Longest text read: no score needs more, and a hostile exponent must not make a number of gigabytes.</summary>
    public const int MaxTextLength = 64;

    /// <summary>Largest exponent read, either sign: the real files go to 1e-18.</summary>
    public const int MaxExponent = 100;

    public static readonly ExactDecimal One = new(1, 0);

    public ExactDecimal(BigInteger unscaled, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        while (scale > 0)
        {
            var (quotient, remainder) = BigInteger.DivRem(unscaled, 10);
            if (!remainder.IsZero)
            {
                break;
            }
            (unscaled, scale) = (quotient, scale - 1);
        }
        Unscaled = unscaled;
        Scale = scale;
    }

    public BigInteger Unscaled { get; }

    public int Scale { get; }

    public static ExactDecimal operator +(ExactDecimal a, ExactDecimal b)
    {
        var scale = Math.Max(a.Scale, b.Scale);
        return new ExactDecimal(a.UnscaledAt(scale) + b.UnscaledAt(scale), scale);
    }

    public static ExactDecimal operator -(ExactDecimal a) => new(-a.Unscaled, a.Scale);

    public static ExactDecimal operator *(ExactDecimal a, ExactDecimal b) => new(a.Unscaled * b.Unscaled, a.Scale + b.Scale);

    public static bool operator <(ExactDecimal a, ExactDecimal b) => a.CompareTo(b) < 0;

    public static bool operator >(ExactDecimal a, ExactDecimal b) => a.CompareTo(b) > 0;

    public static bool operator <=(ExactDecimal a, ExactDecimal b) => a.CompareTo(b) <= 0;

    public static bool operator >=(ExactDecimal a, ExactDecimal b) => a.CompareTo(b) >= 0;

    /// <summary>Reads an optional sign, digits with at most one point, and an optional exponent ("-5.92e-18"). Nothing else: no spaces, no NaN, no commas.</summary>
    public static bool TryParse(string text, out ExactDecimal value)
    {
        value = default;
        if (text.Length > MaxTextLength)
        {
            return false;
        }
        var mantissa = text.AsSpan();
        var exponent = 0;
        var at = mantissa.IndexOfAny('e', 'E');
        if (at >= 0)
        {
            if (!int.TryParse(mantissa[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs((long)exponent) > MaxExponent)
            {
                return false;
            }
            mantissa = mantissa[..at];
        }
        var negative = mantissa.StartsWith("-");
        if (negative || mantissa.StartsWith("+"))
        {
            mantissa = mantissa[1..];
        }
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (digits.Length == 0 || digits.Any(c => !char.IsAsciiDigit(c)))
        {
            return false;
        }
        var unscaled = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        if (scale < 0)
        {
            (unscaled, scale) = (unscaled * BigInteger.Pow(10, -scale), 0);
        }
        value = new ExactDecimal(negative ? -unscaled : unscaled, scale);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>; throws FormatException.</summary>
    public static ExactDecimal Parse(string text) => TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a decimal number.");

    /// <summary>⌊<paramref name="amount"/> · this⌋, toward −∞.</summary>
    public BigInteger MultiplyFloor(BigInteger amount)
    {
        var quotient = BigInteger.DivRem(amount * Unscaled, BigInteger.Pow(10, Scale), out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The nearest of <paramref name="low"/>, <paramref name="high"/> and everything between.</summary>
    public ExactDecimal Clip(ExactDecimal low, ExactDecimal high) => this < low ? low : this > high ? high : this;

    public int CompareTo(ExactDecimal other)
    {
        var scale = Math.Max(Scale, other.Scale);
        return UnscaledAt(scale).CompareTo(other.UnscaledAt(scale));
    }

    /// <summary>For what is only looked at (percentiles, tables). Never for money.</summary>
    public double ToDisplay() => double.Parse(ToString(), CultureInfo.InvariantCulture);

    /// <summary>Plain digits, no exponent: "-0.0000059".</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var text = Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
        return Unscaled.Sign < 0 ? "-" + text : text;
    }

    private BigInteger UnscaledAt(int scale) => Unscaled * BigInteger.Pow(10, scale - Scale);
}
