namespace Backstake.Research;

/// <summary>What part of the models called good is expected to be there by luck, when many were looked at.</summary>
public static class FalseDiscovery
{
    /// <summary>
    /// Benjamini and Hochberg (1995): the smallest false discovery rate at which each hypothesis would be called. Holds under independence and the positive dependence of
    /// models that share a market (Benjamini and Yekutieli 2001).
    /// </summary>
    public static double[] QValues(IReadOnlyList<double> pValues)
    {
        var count = pValues.Count;
        var order = Enumerable.Range(0, count).OrderByDescending(i => pValues[i]).ToArray();
        var q = new double[count];
        var least = 1.0;
        for (var i = 0; i < count; i++)
        {
            least = Math.Min(least, pValues[order[i]] * count / (count - i));
            q[order[i]] = least;
        }

        return q;
    }

    /// <summary>The Bayesian counterpart (Storey 2003): calling this model and all with a higher probability of being good, the mean probability of error among them.</summary>
    public static double[] QValuesFromProbabilities(IReadOnlyList<double> probabilityGood)
    {
        var order = Enumerable.Range(0, probabilityGood.Count).OrderByDescending(i => probabilityGood[i]).ToArray();
        var q = new double[order.Length];
        var sum = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            sum += 1 - probabilityGood[order[i]];
            q[order[i]] = sum / (i + 1);
        }

        return q;
    }
}
