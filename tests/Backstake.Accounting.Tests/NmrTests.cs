using System.Numerics;
using Xunit;

namespace Backstake.Accounting.Tests;

public sealed class NmrTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("1", "1000000000000000000")]
    [InlineData("-0.25", "-250000000000000000")]
    [InlineData("0.000000000000000001", "1")]
    [InlineData("11000000", "11000000000000000000000000")]
    [InlineData("1.50", "1500000000000000000")]
    public void Text_GivesWei(string text, string wei)
    {
        Assert.True(Nmr.TryParse(text, out var amount));
        Assert.Equal(BigInteger.Parse(wei), amount.Wei);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e2")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1_000")]
    [InlineData("--1")]
    [InlineData("1.-1")]
    [InlineData("1.1.1")]
    [InlineData("١")]
    [InlineData("0x1")]
    [InlineData("0.0000000000000000001")]
    public void OtherText_IsNoAmount(string text) => Assert.False(Nmr.TryParse(text, out _));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1.500", "1.5")]
    [InlineData("-0.000000000000000001", "-0.000000000000000001")]
    [InlineData("100", "100")]
    [InlineData("-10.01", "-10.01")]
    public void Amounts_ArePrinted_WithoutTrailingZeros(string text, string printed) => Assert.Equal(printed, TestVault.N(text).ToString());

    [Theory] // amount, part, whole, floor, ceiling
    [InlineData(7, 1, 2, 3, 4)]
    [InlineData(-7, 1, 2, -4, -3)]
    [InlineData(7, -1, 2, -4, -3)]
    [InlineData(8, 1, 2, 4, 4)]
    [InlineData(-8, 1, 2, -4, -4)]
    [InlineData(0, 5, 3, 0, 0)]
    [InlineData(-1, 1, 1000, -1, 0)]
    [InlineData(1, 1, 1000, 0, 1)]
    public void Floor_GoesTowardMinusInfinity_AndCeilingTowardPlus(int amount, int part, int whole, int floor, int ceiling)
    {
        Assert.Equal(new Nmr(floor), Nmr.MulDivFloor(new Nmr(amount), new Nmr(part), new Nmr(whole)));
        Assert.Equal(new Nmr(ceiling), Nmr.MulDivCeiling(new Nmr(amount), new Nmr(part), new Nmr(whole)));
    }

    [Fact]
    public void Nothing_IsDividedByZero() => Assert.Throws<ArgumentOutOfRangeException>(() => Nmr.MulDivFloor(new Nmr(1), new Nmr(1), Nmr.Zero));

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void BasisPoints_AreFromZeroToTenThousand(int value) => Assert.Throws<ArgumentOutOfRangeException>(() => new BasisPoints(value));

    [Fact]
    public void UnitsWeeksAndRounds_AreNeverNegative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Units(1) - new Units(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Week(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Round(-1));
    }
}
