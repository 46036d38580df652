using System.Numerics;
using System.Runtime.CompilerServices;

namespace Backstake.Accounting;

/// <summary>The arithmetic under the money: products of 256 bits and their division, both exact. Whatever doesn't fit its result throws <see cref="OverflowException"/>.</summary>
internal static class WideInteger
{
    /// <summary>left·right = high·2^128 + low.</summary>
    public static UInt128 Multiply(UInt128 left, UInt128 right, out UInt128 low)
    {
        var (left0, left1, right0, right1) = ((ulong)left, (ulong)(left >> 64), (ulong)right, (ulong)(right >> 64));
        var bottom = Math.BigMul(left0, right0);
        // Neither sum overflows: (2^64 − 1)² + 2^64 − 1 < 2^128.
        var middle = Math.BigMul(left0, right1) + (ulong)(bottom >> 64);
        var other = Math.BigMul(left1, right0) + (ulong)middle;
        low = (other << 64) | (ulong)bottom;
        return Math.BigMul(left1, right1) + (middle >> 64) + (other >> 64);
    }

    /// <summary>amount·count where the caller knows that it fits: half the work of Int128's own product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 Multiply(Int128 amount, ulong count) => (Int128)(Math.BigMul((ulong)amount, count) + new UInt128((ulong)(amount >> 64) * count, 0));

    /// <summary>⌊(high·2^128 + low)/divisor⌋, and what remains.</summary>
    public static (UInt128 Quotient, UInt128 Remainder) Divide(UInt128 high, UInt128 low, UInt128 divisor)
    {
        if (high >= divisor) throw new OverflowException("The quotient has more than 128 bits.");
        if (high == 0) return UInt128.DivRem(low, divisor);

        // Knuth's algorithm D (The Art of Computer Programming 4.3.1) with digits of 64 bits: the divisor's highest bit is 1, so a digit is guessed too high at most twice.
        var shift = BitOperations.LeadingZeroCount((ulong)(divisor >> 64));
        if (shift == 64) shift += BitOperations.LeadingZeroCount((ulong)divisor);
        divisor <<= shift;
        high = shift == 0 ? high : (high << shift) | (low >> (128 - shift));
        low <<= shift;
        var first = Digit(ref high, (ulong)(low >> 64), divisor);
        var second = Digit(ref high, (ulong)low, divisor);
        return (new UInt128(first, second), high >> shift);
    }

    /// <summary>⌊amount·part/whole⌋, toward minus infinity.</summary>
    public static Int128 MultiplyDivideFloor(Int128 amount, Int128 part, Int128 whole)
    {
        var high = Multiply(Magnitude(amount), Magnitude(part), out var low);
        var (quotient, remainder) = Divide(high, low, (UInt128)whole);
        return Int128.IsNegative(amount) == Int128.IsNegative(part) ? checked((Int128)quotient) : checked(-(Int128)(remainder == 0 ? quotient : quotient + 1));
    }

    /// <summary>⌊amount·part/whole⌋ for small part ≥ 0 and whole > 0. With amount = q·whole + r and 0 ≤ r &lt; whole it is q·part + ⌊r·part/whole⌋: 128 bits are enough.</summary>
    public static Int128 MultiplyDivideFloor(Int128 amount, int part, int whole)
    {
        var (quotient, remainder) = DivideFloor(amount, whole);
        return checked((quotient * part) + Math.DivRem(remainder * part, whole).Quotient);
    }

    /// <summary>⌊amount/parts⌋, toward minus infinity, and what remains: 0 ≤ remainder &lt; parts.</summary>
    public static (Int128 Quotient, long Remainder) DivideFloor(Int128 amount, int parts)
    {
        var (quotient, remainder) = UInt128.DivRem(Magnitude(amount), (UInt128)parts);
        if (!Int128.IsNegative(amount)) return ((Int128)quotient, (long)remainder);
        return remainder == 0 ? (-(Int128)quotient, 0) : (~(Int128)quotient, parts - (long)remainder);
    }

    /// <summary>2^127 for the least Int128.</summary>
    public static UInt128 Magnitude(Int128 amount) => (UInt128)(Int128.IsNegative(amount) ? -amount : amount);

    /// <summary>One digit of the quotient; <paramref name="rest"/> &lt; <paramref name="divisor"/> is what is left to divide, before and after.</summary>
    private static ulong Digit(ref UInt128 rest, ulong next, UInt128 divisor)
    {
        var (divisor1, divisor0) = ((ulong)(divisor >> 64), (ulong)divisor);
        var guess = (ulong)(rest >> 64) < divisor1 ? (ulong)UInt128.DivRem(rest, divisor1).Quotient : ulong.MaxValue;
        var left = rest - Math.BigMul(guess, divisor1);
        while (left <= ulong.MaxValue && Math.BigMul(guess, divisor0) > ((left << 64) | next))
        {
            guess--;
            left += divisor1;
        }

        // All below 2^128 again, so the wrapped difference is the true one.
        rest = ((rest << 64) | next) - (guess * divisor);
        return guess;
    }
}
