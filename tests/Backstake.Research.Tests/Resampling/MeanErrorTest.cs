using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace Backstake.Research.Tests.Resampling;

public class MeanErrorTest
{
    [Theory]   // the 90 % point of |mean − truth| / bootstrap error; what the table says is drawn again with another seed
    [InlineData(30)]
    [InlineData(80)]
    [InlineData(200)]
    public void Table_IsWhatSimulationGives(int rounds)
    {
        var (scale, freedom) = MeanError.Simulate(rounds, 6_000, seed: 77);
        var (known, knownFreedom) = MeanError.At(rounds);
        var ratio = scale * StudentT.InvCDF(0, 1, freedom, 0.95) / (known * StudentT.InvCDF(0, 1, knownFreedom, 0.95));
        Assert.InRange(ratio, 0.93, 1.07);
    }

    [Fact]
    public void BetweenTheLines_NothingJumps()
    {
        for (var n = 31; n <= 1_000; n++)
        {
            var (before, after) = (MeanError.At(n - 1).Scale, MeanError.At(n).Scale);
            Assert.InRange(after, before * 0.95, before);
        }
    }

    [Theory]   // overlap of other shapes than the one assumed: the interval still holds, roughly
    [InlineData(25, 0.85, 0.95)]   // everything shared over 25 days
    [InlineData(8, 0.88, 0.99)]    // a shorter memory: the interval is too wide, never too narrow
    public void OtherOverlaps_AreCovered(int rounds, double least, double most)
    {
        var random = new Xoshiro256StarStar(5, threadSafe: false);
        var overlap = new RoundOverlap((1, rounds));
        var covered = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var series = overlap.Noise(random, 295);
            if (Math.Abs(series.Average()) <= MeanError.Of(series).HalfWidth(0.9)) covered++;
        }

        Assert.InRange(covered / 2_000.0, least, most);
    }

    [Fact]
    public void TooFewRounds_GiveNoNumber() => Assert.Throws<ArgumentException>(() => MeanError.Of(new double[MeanError.LeastRounds - 1]));

    [Fact]
    public void Noise_HasTheAutocorrelationItStates()
    {
        var noise = RoundOverlap.Measured.Noise(new Xoshiro256StarStar(1, threadSafe: false), 400_000);
        Assert.Equal(1, noise.Average(x => x * x), 1);
        foreach (var lag in new[] { 1, 5, 10, 20, 30 })
        {
            Assert.InRange(Enumerable.Range(0, noise.Length - lag).Average(i => noise[i] * noise[i + lag]) - RoundOverlap.Measured.Autocorrelation(lag), -0.03, 0.03);
        }
    }
}
