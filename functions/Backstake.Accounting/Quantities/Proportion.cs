using System.Runtime.CompilerServices;

namespace Backstake.Accounting;

/// <summary>
/// ⌊amount·part/whole⌋ for one amount and one whole, and many parts: a round's payout P and stake A_r over the stakes s_r of all units. Divides once; each part then costs
/// multiplications only.
/// </summary>
/// <remarks>
/// With |amount| = m·whole + n, 0 ≤ n &lt; whole, and the reciprocal R = ⌊n·2^128/whole⌋: part·n/whole = (part·R + part·ε)/2^128 with 0 ≤ ε &lt; 1. As part &lt; 2^128 the floor is
/// the high half of part·R, or one more. Which of the two it is, the low half tells, except where it is 0 (the quotient may be a whole number, whose ceiling is no more) or within
/// part of 2^128: only there the remainder decides. The remainder is below 2·whole &lt; 2^128, so 128 bits of it are enough. (|amount| = whole doesn't fit R: hence m.)
/// </remarks>
internal readonly struct Proportion
{
    private readonly UInt128 _reciprocal;
    private readonly UInt128 _multiple;
    private readonly UInt128 _rest;
    private readonly UInt128 _whole;
    private readonly bool _negative;

    /// <param name="amount">Of either sign.</param>
    /// <param name="whole">Positive.</param>
    public Proportion(Nmr amount, Nmr whole)
        : this(amount.Value, whole.Value)
    {
    }

    public Proportion(Int128 amount, Int128 whole)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(whole, 0);
        _whole = (UInt128)whole;
        _negative = Int128.IsNegative(amount);
        (_multiple, _rest) = UInt128.DivRem(WideInteger.Magnitude(amount), _whole);
        (_reciprocal, _) = WideInteger.Divide(_rest, 0, _whole);
    }

    /// <summary>Toward minus infinity. <paramref name="part"/> isn't negative, and the result fits: the caller's proof, as for a part of the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 Of(Int128 part)
    {
        // Up to 18.4 NMR, as most stakes of a unit are, the high half is one digit of 64 bits.
        var digit = (ulong)part;
        if ((ulong)(part >> 64) != 0 || _multiple != 0) return OfAny((UInt128)part);
        var product = Math.BigMul(digit, (ulong)(_reciprocal >> 64)) + (ulong)(Math.BigMul(digit, (ulong)_reciprocal) >> 64);
        var quotient = (ulong)(product >> 64);
        if ((ulong)product is 0 or ulong.MaxValue) return Exact(digit, quotient);
        // ⌊−x⌋ = −⌊x⌋ − 1 = ~⌊x⌋ where x is no whole number.
        return _negative ? ~(Int128)quotient : quotient;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Int128 OfAny(UInt128 part)
    {
        var quotient = WideInteger.Multiply(part, _reciprocal, out var low);
        if (low == 0 || low > UInt128.MaxValue - part) return Exact(part, quotient);
        quotient += _multiple * part;
        return _negative ? ~(Int128)quotient : (Int128)quotient;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Int128 Exact(UInt128 part, UInt128 quotient)
    {
        var remainder = (part * _rest) - (quotient * _whole);
        if (remainder >= _whole)
        {
            remainder -= _whole;
            quotient++;
        }

        quotient += _multiple * part;
        return !_negative ? (Int128)quotient : remainder == 0 ? -(Int128)quotient : ~(Int128)quotient;
    }
}
