namespace Backstake.Research.Tests.Consistency;

public sealed class DistributionDistanceTest
{
    static PredictionStatistics Of(Func<int, double> value, int rows = 6_000) => PredictionStatistics.Of([.. Enumerable.Range(0, rows).Select(value)]);

    [Fact]
    public void SameDistribution_IsNear_WhateverTheRows_AndOthersAreFar()
    {
        var even = Of(i => (i + 0.5) / 6_000);
        Assert.Equal(0, DistributionDistance.Of(even, even), 9);
        Assert.InRange(DistributionDistance.Of(even, Of(i => (i + 0.5) / 5_000, 5_000)), 0, 0.001);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
            Assert.InRange(DistributionDistance.Of(Of(_ => random.NextDouble()), Of(_ => random.NextDouble())), 0, 0.05); // chance alone
        var narrow = Of(i => 0.4 + (0.2 * i / 6_000)); // a tenth of the even one's lies beyond each decile of it
        Assert.Equal(0.4, DistributionDistance.Of(even, narrow), 3);
        Assert.Equal(DistributionDistance.Of(even, narrow), DistributionDistance.Of(narrow, even), 12);
        Assert.Equal(1, DistributionDistance.Of(Of(i => 0.1 * i / 6_000), Of(i => 0.9 + (0.1 * i / 6_000))), 9);
    }

    [Fact]
    public void TiedValues_AreNoTrouble()
    {
        var two = Of(i => i % 2 == 0 ? 0.25 : 0.75);
        Assert.Equal(0, DistributionDistance.Of(two, two), 9);
        Assert.InRange(DistributionDistance.Of(two, Of(i => (i + 0.5) / 6_000)), 0.2, 0.3);
    }
}
