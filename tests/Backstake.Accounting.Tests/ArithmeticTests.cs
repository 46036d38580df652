using System.Numerics;
using Xunit;

namespace Backstake.Accounting.Tests;

/// <summary>The fixed-width arithmetic against BigInteger's, on amounts that look like money, on extremes, and where floors go wrong: at exact multiples and one wei beside them.</summary>
public sealed class ArithmeticTests
{
    private const int Cases = 1_000_000;

    /// <summary>The greatest amount of an event has 84 bits; sums have fewer than 127.</summary>
    private const int MostBits = 126;

    [Fact]
    public void AProportion_IsTheFloor_ForAMillionCases()
    {
        var random = new Random(8);
        var (exact, total, beyond) = (0, 0, 0);
        for (var i = 0; i < Cases;)
        {
            var (amount, whole) = AmountAndWhole(random);
            var proportion = new Proportion(amount, whole);
            for (var part = 0; part < 10; part++, i++)
            {
                var s = Part(random, amount, whole);
                var product = (BigInteger)amount * s;
                if (product % whole == 0) exact++;
                if (BigInteger.Abs(amount) == whole) total++;
                if (BigInteger.Abs(amount) > whole) beyond++;
                Assert.Equal(Floor(product, whole), proportion.Of(s));
            }
        }

        // Otherwise the cases aren't those that the reciprocal has to fear.
        Assert.All([exact, total, beyond], count => Assert.InRange(count, Cases / 20, Cases));
    }

    [Fact]
    public void TheCappedPartOfAStake_IsTheCeiling_ForAMillionCases()
    {
        var random = new Random(9);
        for (var i = 0; i < Cases; i++)
        {
            var (stake, share) = (Int128.Abs(Bits(random, MostBits)), random.Next(0, 10_001));
            var expected = -Floor(-(BigInteger)stake * share, 10_000);
            Assert.Equal(expected, -new Proportion(-share, 10_000).Of(stake));
            Assert.Equal(expected, Nmr.MulDivCeiling(Nmr.FromWei(stake), new BasisPoints(share)).Wei);
        }
    }

    [Fact]
    public void TheFloorsOfNmr_AreTheReferences_ForAMillionCases()
    {
        var random = new Random(10);
        for (var i = 0; i < Cases; i++)
        {
            var (amount, whole) = AmountAndWhole(random);
            var part = random.Next(3) == 0 ? -Part(random, amount, whole) : Part(random, amount, whole);
            var (share, parts) = (new BasisPoints(random.Next(0, 10_001)), random.Next(1, 1_001));
            var (a, p, w) = (Nmr.FromWei(amount), Nmr.FromWei(part), Nmr.FromWei(whole));
            var (ra, rp, rw) = (new Reference.Nmr(amount), new Reference.Nmr(part), new Reference.Nmr(whole));
            Assert.Equal(Reference.Nmr.MulDivFloor(ra, rp, rw).Wei, Nmr.MulDivFloor(a, p, w).Wei);
            Assert.Equal(Reference.Nmr.MulDivCeiling(ra, rp, rw).Wei, Nmr.MulDivCeiling(a, p, w).Wei);
            Assert.Equal(Reference.Nmr.MulDivFloor(ra, new Reference.BasisPoints(share.Value)).Wei, Nmr.MulDivFloor(a, share).Wei);
            Assert.Equal(Reference.Nmr.DivFloor(ra, parts).Wei, Nmr.DivFloor(a, parts).Wei);
        }
    }

    [Fact]
    public void TheQuotientOf256Bits_IsBigIntegers_ForAMillionCases()
    {
        var random = new Random(11);
        for (var i = 0; i < Cases; i++)
        {
            var (left, right, divisor) = (Unsigned(random), Unsigned(random), Unsigned(random));
            if (divisor == 0) continue;
            var high = WideInteger.Multiply(left, right, out var low);
            var product = (BigInteger)left * right;
            Assert.Equal(product, ((BigInteger)high << 128) + low);
            if (high >= divisor)
            {
                Assert.Throws<OverflowException>(() => WideInteger.Divide(high, low, divisor));
                i += 50; // An exception costs as much as fifty cases.
                continue;
            }

            var (quotient, remainder) = WideInteger.Divide(high, low, divisor);
            Assert.Equal(BigInteger.DivRem(product, divisor, out var rest), quotient);
            Assert.Equal(rest, remainder);
        }
    }

    [Fact]
    public void Texts_AreTheReferences()
    {
        var random = new Random(12);
        for (var i = 0; i < Cases / 10; i++)
        {
            var amount = Bits(random, MostBits);
            var text = new Reference.Nmr(amount).ToString();
            Assert.Equal(text, Nmr.FromWei(amount).ToString());
            Assert.True(Nmr.TryParse(text, out var parsed));
            Assert.Equal(amount, parsed.Value);
        }
    }

    [Theory] // the greatest amount there can be; one wei more; far more
    [InlineData("170141183460469231731.687303715884105727", true)]
    [InlineData("-170141183460469231731.687303715884105727", true)]
    [InlineData("170141183460469231731.687303715884105728", false)]
    [InlineData("999999999999999999999.999999999999999999", false)]
    [InlineData("1000000000000000000000", false)]
    public void WhatAnAmountCannotHold_IsNoAmount(string text, bool held)
    {
        Assert.Equal(held, Nmr.TryParse(text, out var amount));
        if (held) Assert.Equal(text, amount.ToString());
    }

    [Fact]
    public void WhatGoesBeyond127Bits_Throws()
    {
        var greatest = Nmr.FromWei(Int128.MaxValue);
        var least = Nmr.FromWei(Int128.MinValue);
        Assert.Throws<OverflowException>(() => greatest + new Nmr(1));
        Assert.Throws<OverflowException>(() => least - new Nmr(1));
        Assert.Throws<OverflowException>(() => -least);
        Assert.Throws<OverflowException>(() => new Units(2) * greatest);
        Assert.Throws<OverflowException>(() => new Nmr(BigInteger.Pow(2, 127)));
        Assert.Throws<OverflowException>(() => Nmr.MulDivFloor(greatest, new Nmr(2), new Nmr(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(Nmr.Zero, Nmr.Zero));
    }

    /// <summary>A round's payout and stake: mostly money, often round or total, sometimes far beyond.</summary>
    private static (Int128 Amount, Int128 Whole) AmountAndWhole(Random random)
    {
        var whole = random.Next(4) switch
        {
            0 => Round(random),
            1 => (Int128)1 << random.Next(0, 85),
            _ => Int128.Abs(Bits(random, random.Next(1, 105))),
        };
        if (whole == 0) whole = 1;
        var amount = random.Next(8) switch
        {
            0 => whole,
            1 => Round(random),
            2 => whole * random.Next(0, 3),
            3 => Int128.DivRem(whole, random.Next(1, 1_000)).Quotient,
            4 => Bits(random, 84),
            _ => Nmr.MulDivFloor(Nmr.FromWei(whole), new Nmr(random.Next(0, 60_001)), new Nmr(1_000_000)).Value,
        };
        return (random.Next(2) == 0 ? amount : -amount, whole);
    }

    /// <summary>A part of the whole: anything, round, all of it, or such that the product lies at a multiple or one beside it.</summary>
    private static Int128 Part(Random random, Int128 amount, Int128 whole)
    {
        var part = random.Next(6) switch
        {
            0 => Round(random),
            1 => whole,
            2 => Int128.DivRem(whole, random.Next(1, 10_000)).Quotient + random.Next(-1, 2),
            3 => Int128.DivRem(whole, Int128.Abs(amount) + 1).Quotient * random.Next(0, 3) + random.Next(-1, 2),
            _ => Int128.Abs(Bits(random, random.Next(1, 85))),
        };
        return part < 0 ? 0 : part > whole ? part % (whole + 1) : part;
    }

    /// <summary>As people write amounts: a few digits and zeros, up to 11,000,000 NMR.</summary>
    private static Int128 Round(Random random)
    {
        Int128 amount = random.Next(1, 1_100);
        for (var zeros = random.Next(0, 23); zeros > 0; zeros--) amount *= 10;
        return amount;
    }

    private static Int128 Bits(Random random, int bits)
    {
        var value = (Int128)(Unsigned(random) >> (128 - bits));
        return random.Next(2) == 0 ? value : -value;
    }

    private static UInt128 Unsigned(Random random)
    {
        var value = new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
        return random.Next(4) switch
        {
            0 => value >> random.Next(0, 128),
            1 => UInt128.MaxValue << random.Next(0, 128),
            2 => ((UInt128)1 << random.Next(0, 128)) - (UInt128)random.Next(0, 2),
            _ => value,
        };
    }

    private static BigInteger Floor(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
