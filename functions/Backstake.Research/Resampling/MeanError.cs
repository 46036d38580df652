using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// How far the mean of n overlapping rounds may be from the expected return. The stationary bootstrap's standard error is too small when few blocks fit into a record, and itself uncertain:
/// (mean − truth) / (<see cref="Scale"/> · bootstrap error) follows, closely, Student's t with <see cref="Freedom"/> degrees. Both are simulated under <see cref="RoundOverlap.Measured"/>, as fixed-bandwidth
/// asymptotics do (Kiefer and Vogelsang 2005); what they depend on is the record's length in units of the overlap, hardly its distribution.
/// </summary>
public sealed record MeanError(double Standard, double Scale, double Freedom)
{
    /// <summary>Below this many rounds nothing is said: hardly more than one independent observation.</summary>
    public const int LeastRounds = 30;

    // Made by Simulate with seed 9 and 40,000 draws (20,000 at 500 rounds, 6,000 at 1,000); MeanErrorTest makes some of them again.
    private static readonly (int Rounds, double Scale, double Freedom)[] Table =
    [
        (30, 2.860, 3.47), (40, 2.463, 3.54), (60, 2.025, 3.55), (80, 1.814, 3.86), (100, 1.712, 4.43),
        (150, 1.566, 5.05), (200, 1.470, 5.19), (300, 1.317, 6.65), (500, 1.201, 8.10), (1000, 1.106, 14.93),
    ];

    /// <summary>The standard error to work with.</summary>
    public double Error => Standard * Scale;

    /// <summary>The mean block of a bootstrap of n rounds: twice the overlap where the record is long enough, else a quarter of it.</summary>
    public static double MeanBlock(int rounds) => Math.Clamp(rounds / 4.0, 5, 50);

    public static MeanError Of(ReadOnlySpan<double> returns)
    {
        var n = returns.Length;
        if (n < LeastRounds) throw new ArgumentException($"Fewer than {LeastRounds} rounds.", nameof(returns));
        var (scale, freedom) = At(n);
        return new MeanError(Math.Sqrt(StationaryBootstrap.VarianceOfMean(returns, MeanBlock(n))), scale, freedom);
    }

    /// <summary>Half the width of the interval that covers the truth with this probability.</summary>
    public double HalfWidth(double coverage) => Error * StudentT.InvCDF(0, 1, Freedom, (1 + coverage) / 2);

    /// <summary>The probability of a mean at least so high if the expected return were zero (one-sided).</summary>
    public double PValue(double mean) => Error > 0 ? 1 - StudentT.CDF(0, 1, Freedom, mean / Error) : mean > 0 ? 0 : 1;

    /// <summary>Scale and degrees of freedom at n, between the table's lines linear in 1/n.</summary>
    public static (double Scale, double Freedom) At(int rounds)
    {
        if (rounds <= Table[0].Rounds) return (Table[0].Scale, Table[0].Freedom);
        for (var i = 1; i < Table.Length; i++)
        {
            var (low, high) = (Table[i - 1], Table[i]);
            if (rounds > high.Rounds) continue;
            var part = ((1.0 / low.Rounds) - (1.0 / rounds)) / ((1.0 / low.Rounds) - (1.0 / high.Rounds));
            return (low.Scale + (part * (high.Scale - low.Scale)), low.Freedom + (part * (high.Freedom - low.Freedom)));
        }

        return (Table[^1].Scale, Table[^1].Freedom);
    }

    /// <summary>A line of the table: the t distribution that has the simulated median and 90 % point of |mean| / bootstrap error.</summary>
    public static (double Scale, double Freedom) Simulate(int rounds, int draws, int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var ratios = new double[draws];
        for (var i = 0; i < draws; i++)
        {
            var series = RoundOverlap.Measured.Noise(random, rounds);
            ratios[i] = Math.Abs(series.Average()) / Math.Sqrt(StationaryBootstrap.VarianceOfMean(series, MeanBlock(rounds)));
        }

        Array.Sort(ratios);
        var (median, ninety) = (ratios[draws / 2], ratios[(int)(draws * 0.9)]);
        var (low, high) = (0.5, 200.0); // the ratio of the two points falls with the degrees of freedom
        for (var i = 0; i < 60; i++)
        {
            var middle = Math.Sqrt(low * high);
            if (StudentT.InvCDF(0, 1, middle, 0.95) / StudentT.InvCDF(0, 1, middle, 0.75) > ninety / median) low = middle; else high = middle;
        }

        return (ninety / StudentT.InvCDF(0, 1, high, 0.95), high);
    }
}
