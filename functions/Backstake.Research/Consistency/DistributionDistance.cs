namespace Backstake.Research;

/// <summary>How differently the values of two files lie, whatever their ids: all that can be compared of Classic, whose ids change every round.</summary>
public static class DistributionDistance
{
    /// <summary>
    /// From here on it is a break. Two files of 6,000 rows drawn from one distribution differ by more than 0.04 once in ten thousand pairs (Kolmogorov and Smirnov);
    /// how far one real model's files differ from week to week nobody publishes, so the rest is room for that.
    /// </summary>
    public const double Most = 0.1;

    /// <summary>The greatest difference between the two distribution functions, looked at where either has a decile: 0 (the same) to 1 (nothing in common).</summary>
    public static double Of(PredictionStatistics one, PredictionStatistics other) =>
        one.Deciles.Concat(other.Deciles).Max(value => Math.Abs(Share(one.Deciles, value) - Share(other.Deciles, value)));

    /// <summary>The part of the values at or below this one, linear between deciles.</summary>
    private static double Share(IReadOnlyList<double> deciles, double value)
    {
        if (value < deciles[0]) return 0;
        var last = deciles.Count - 1;
        for (var i = last; i >= 0; i--)
        {
            if (deciles[i] > value) continue;
            return i == last ? 1 : (i + ((value - deciles[i]) / (deciles[i + 1] - deciles[i]))) / last;
        }

        return 0;
    }
}
