using System.Numerics;

namespace Backstake.Accounting;

/// <summary>
/// An amount of NMR in wei (10^-18 NMR), of either sign: a burn is negative. Zero is the default. Holds −2^127 … 2^127 − 1 wei, 15 million times what can exist; whatever goes beyond
/// throws <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Nmr : IComparable<Nmr>
{
    public const int Decimals = 18;

    /// <summary>A sign, 21 digits of NMR, a point and 18 of its fraction.</summary>
    internal const int LongestText = 41;

    private const ulong OneNmr = 1_000_000_000_000_000_000;

    /// <summary>11,000,000 NMR: more can't exist, so no amount of an event is greater (ACCOUNTING.md 6).</summary>
    public static readonly Nmr GreatestSupply = FromNmr(11_000_000);

    public Nmr(BigInteger wei) => Value = (Int128)wei;

    private Nmr(Int128 value) => Value = value;

    public static Nmr Zero => default;

    public BigInteger Wei => Value;

    public bool IsPositive => Int128.IsPositive(Value) && Value != 0;
    public bool IsNegative => Int128.IsNegative(Value);
    public bool IsZero => Value == 0;

    /// <summary>The wei, for the arithmetic alone.</summary>
    internal Int128 Value { get; }

    public static Nmr FromNmr(long nmr) => new((Int128)nmr * OneNmr);

    internal static Nmr FromWei(Int128 wei) => new(wei);

    public static Nmr operator +(Nmr left, Nmr right) => new(checked(left.Value + right.Value));
    public static Nmr operator -(Nmr left, Nmr right) => new(checked(left.Value - right.Value));
    public static Nmr operator -(Nmr amount) => new(checked(-amount.Value));

    /// <summary>What so many units are worth together. Exact.</summary>
    public static Nmr operator *(Units units, Nmr each) => new(checked(units.Count * each.Value));

    public static bool operator <(Nmr left, Nmr right) => left.Value < right.Value;
    public static bool operator >(Nmr left, Nmr right) => left.Value > right.Value;
    public static bool operator <=(Nmr left, Nmr right) => left.Value <= right.Value;
    public static bool operator >=(Nmr left, Nmr right) => left.Value >= right.Value;

    public static Nmr Min(Nmr left, Nmr right) => left < right ? left : right;
    public static Nmr Max(Nmr left, Nmr right) => left > right ? left : right;

    /// <summary>The amount, or zero where it is negative.</summary>
    public static Nmr OrZero(Nmr amount) => amount.IsNegative ? Zero : amount;

    /// <summary>⌊amount·part/whole⌋, toward minus infinity. <paramref name="whole"/> is positive.</summary>
    public static Nmr MulDivFloor(Nmr amount, Nmr part, Nmr whole)
    {
        if (!whole.IsPositive) throw new ArgumentOutOfRangeException(nameof(whole), "Money is divided by something positive.");
        return new(WideInteger.MultiplyDivideFloor(amount.Value, part.Value, whole.Value));
    }

    /// <summary>⌈amount·part/whole⌉, toward plus infinity. <paramref name="whole"/> is positive.</summary>
    public static Nmr MulDivCeiling(Nmr amount, Nmr part, Nmr whole) => -MulDivFloor(-amount, part, whole);

    /// <summary>⌊amount·share/10⁴⌋, toward minus infinity.</summary>
    public static Nmr MulDivFloor(Nmr amount, BasisPoints share) => share.Value switch
    {
        0 => Zero,
        BasisPoints.WholeValue => amount,
        _ => new(WideInteger.MultiplyDivideFloor(amount.Value, share.Value, BasisPoints.WholeValue)),
    };

    /// <summary>⌈amount·share/10⁴⌉, toward plus infinity.</summary>
    public static Nmr MulDivCeiling(Nmr amount, BasisPoints share) => -MulDivFloor(-amount, share);

    /// <summary>⌊amount/parts⌋, toward minus infinity. <paramref name="parts"/> is positive.</summary>
    public static Nmr DivFloor(Nmr amount, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        return new(WideInteger.DivideFloor(amount.Value, parts).Quotient);
    }

    public int CompareTo(Nmr other) => Value.CompareTo(other.Value);

    /// <summary>
    /// Reads a decimal number of NMR: <c>-?(0|[1-9][0-9]*)(\.[0-9]{1,18})?</c> and nothing else (ACCOUNTING.md 6). "-0" is zero.
    /// False for any other text, and for what an amount can't hold; no other bound is checked.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Nmr amount)
    {
        amount = default;
        Span<byte> ascii = stackalloc byte[LongestText];
        if (text.Length > LongestText || text.ContainsAnyExceptInRange('\0', '\x7f')) return false;
        for (var i = 0; i < text.Length; i++) ascii[i] = (byte)text[i];
        return TryParse(ascii[..text.Length], out amount);
    }

    /// <summary>The same from UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Nmr amount)
    {
        amount = default;
        var negative = utf8.StartsWith("-"u8);
        var number = negative ? utf8[1..] : utf8;
        var point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? default : number[(point + 1)..];
        if (whole.Length is 0 or > 21 || (whole.Length > 1 && whole[0] == '0')) return false;
        if (point >= 0 && fraction.Length is 0 or > Decimals) return false;

        if (!TryDigits(whole, out var nmr) || !TryDigits(fraction, out var wei)) return false;
        for (var i = fraction.Length; i < Decimals; i++) wei *= 10;
        if (WideInteger.Multiply(nmr, OneNmr, out var product) != 0 || product > (UInt128)Int128.MaxValue - wei) return false;
        var value = (Int128)(product + wei);
        amount = new(negative ? -value : value);
        return true;
    }

    /// <summary>The amount in NMR as a decimal number, without trailing zeros or exponent: "-0.25".</summary>
    public override string ToString()
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        return string.Create(Write(utf8), utf8, static (text, ascii) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = (char)ascii[i];
        });
    }

    /// <summary>Writes what <see cref="ToString"/> gives, as UTF-8, to a place of <see cref="LongestText"/> bytes; returns the length.</summary>
    internal int Write(Span<byte> utf8)
    {
        var (nmr, wei) = UInt128.DivRem(WideInteger.Magnitude(Value), OneNmr);
        var length = 0;
        if (IsNegative) utf8[length++] = (byte)'-';
        nmr.TryFormat(utf8[length..], out var written);
        length += written;
        if (wei == 0) return length;

        var fraction = utf8.Slice(length, 1 + Decimals);
        ((ulong)wei).TryFormat(fraction[1..], out _, "D18");
        fraction[0] = (byte)'.';
        return length + fraction.TrimEnd((byte)'0').Length;
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out UInt128 number)
    {
        number = 0;
        ulong small = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (uint)(digits[i] - '0');
            if (digit > 9) return false;
            if (i < 19) small = (small * 10) + digit;
            else number = ((i == 19 ? small : number) * 10) + digit;
        }

        if (digits.Length <= 19) number = small;
        return true;
    }
}
