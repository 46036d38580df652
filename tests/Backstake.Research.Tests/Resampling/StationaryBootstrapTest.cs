namespace Backstake.Research.Tests.Resampling;

public class StationaryBootstrapTest
{
    private static readonly double[] Series = [.. Enumerable.Range(0, 120).Select(i => Math.Sin(i / 7.0) + (0.3 * Math.Cos(i * i)))];

    [Fact]
    public void SameSeed_GivesTheSamePaths_AnotherSeedOthers()
    {
        var path = new StationaryBootstrap(100, 10, seed: 1).NextPath();
        Assert.Equal(path, new StationaryBootstrap(100, 10, seed: 1).NextPath());
        Assert.NotEqual(path, new StationaryBootstrap(100, 10, seed: 2).NextPath());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(25)]
    public void Blocks_HaveTheMeanLengthAskedFor(double meanBlock)
    {
        var path = new int[200_000];
        new StationaryBootstrap(1_000, meanBlock, seed: 3).NextPath(path);
        var breaks = Enumerable.Range(1, path.Length - 1).Count(i => path[i] != (path[i - 1] + 1) % 1_000);
        // A new block goes on by chance in one of 1,000 cases: far within 3 %.
        Assert.InRange(path.Length / (breaks + 1.0), meanBlock * 0.97, meanBlock * 1.03);
    }

    [Fact]
    public void EveryElement_IsDrawnEquallyOften()
    {
        var path = new int[400_000];
        new StationaryBootstrap(20, 4, seed: 4).NextPath(path);
        var counts = path.GroupBy(i => i).Select(g => g.Count()).ToArray();
        Assert.Equal(20, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 19_000, 21_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    public void VarianceOfMean_IsWhatManyPathsGive(double meanBlock)
    {
        var means = new StationaryBootstrap(Series.Length, meanBlock, seed: 5).Means(Series, 40_000);
        var mean = means.Average();
        var drawn = means.Average(m => (m - mean) * (m - mean));
        Assert.InRange(drawn / StationaryBootstrap.VarianceOfMean(Series, meanBlock), 0.97, 1.03);
    }

    [Fact]
    public void VarianceOfMean_OfIndependentDraws_IsTheVarianceOverN()
    {
        var mean = Series.Average();
        Assert.Equal(Series.Average(x => (x - mean) * (x - mean)) / Series.Length, StationaryBootstrap.VarianceOfMean(Series, 1), 12);
    }

    [Fact]
    public void Means_AreThoseOfThePaths()
    {
        var (one, other) = (new StationaryBootstrap(Series.Length, 12, seed: 6), new StationaryBootstrap(Series.Length, 12, seed: 6));
        var means = one.Means(Series, 50);
        Assert.All(means, mean => Assert.Equal(other.NextPath().Average(i => Series[i]), mean, 10));
    }

    [Fact]
    public void LengthsAndBlocks_BelowOne_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StationaryBootstrap(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StationaryBootstrap(1, 0.5, 1));
        Assert.Throws<ArgumentException>(() => new StationaryBootstrap(3, 1, 1).Means([1, 2], 1));
    }
}
