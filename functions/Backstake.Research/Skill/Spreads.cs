namespace Backstake.Research;

/// <summary>How much estimates differ beyond their errors (random effects).</summary>
internal static class Spreads
{
    /// <summary>
    /// τ of Paule and Mandel (1982): the spread at which Σ (x − centre)²/(τ² + variance) is what it should be, one less than the number of estimates. 0 where the errors alone explain the differences.
    /// Found by bisection to a relative 1e-9.
    /// </summary>
    public static double PauleMandel(double[] estimates, double[] variances)
    {
        if (estimates.Length < 2 || Excess(estimates, variances, 0) <= 0) return 0;
        var (low, high) = (0.0, estimates.Max() - estimates.Min());
        while (Excess(estimates, variances, high) > 0) high *= 2;
        for (var i = 0; i < 100 && high - low > 1e-9 * high; i++)
        {
            var middle = (low + high) / 2;
            if (Excess(estimates, variances, middle) > 0) low = middle; else high = middle;
        }

        return high;
    }

    /// <summary>The mean with weights 1/(τ² + variance), and its variance.</summary>
    public static (double Mean, double Variance) WeightedMean(double[] estimates, double[] variances, double spread)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i < estimates.Length; i++)
        {
            var weight = 1 / Math.Max((spread * spread) + variances[i], double.Epsilon * 1e10);
            sum += weight * estimates[i];
            weights += weight;
        }

        return (sum / weights, 1 / weights);
    }

    private static double Excess(double[] estimates, double[] variances, double spread)
    {
        var (centre, _) = WeightedMean(estimates, variances, spread);
        var sum = 0.0;
        for (var i = 0; i < estimates.Length; i++) sum += (estimates[i] - centre) * (estimates[i] - centre) / Math.Max((spread * spread) + variances[i], double.Epsilon * 1e10);
        return sum - (estimates.Length - 1);
    }
}
