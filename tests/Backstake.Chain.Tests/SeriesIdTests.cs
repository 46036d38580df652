using System.Numerics;
using Backstake.Chain.Vault;

namespace Backstake.Chain.Tests;

public sealed class SeriesIdTests
{
    private const string Terms = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(Terms, false, 1u, "0123456789abcdef0123456789abcdef0123456789abcdef0123456700000001")]
    [InlineData(Terms, true, 1u, "0123456789abcdef0123456789abcdef0123456789abcdef0123456780000001")]
    [InlineData(Terms, true, 0x7FFFFFFFu, "0123456789abcdef0123456789abcdef0123456789abcdef01234567ffffffff")]
    [InlineData("00000000000000000000000000000000000000000000000000000000ffffffff", false, 0u, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", true, 3u, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff80000003")]
    public void Number_IsTermsThenPayThenWeek(string terms, bool pays, uint week, string number)
    {
        var series = SeriesId.Of(terms, pays, week);
        var expected = BigInteger.Parse("0" + number, System.Globalization.NumberStyles.AllowHexSpecifier);
        Assert.Equal(expected, series.ToNumber());
        Assert.Equal(series, SeriesId.Of(expected));
        Assert.True(series.IsOf(terms));
    }

    [Fact]
    public void WhatIsOutOfBounds_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SeriesId.Of(Terms, false, 0x80000000));
        Assert.Throws<ArgumentOutOfRangeException>(() => SeriesId.Of(BigInteger.Pow(2, 256)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SeriesId.Of(-1));
        Assert.Throws<ArgumentException>(() => SeriesId.Of("0x" + Terms, false, 1));
        Assert.Throws<ArgumentException>(() => SeriesId.Of(Terms.ToUpperInvariant(), false, 1));
        Assert.False(SeriesId.Of(Terms, false, 1).IsOf("1" + Terms[1..]));
    }
}
