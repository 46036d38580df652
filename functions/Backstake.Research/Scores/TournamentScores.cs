using MathNet.Numerics.Distributions;

namespace Backstake.Research;

/// <summary>
/// Numerai's scores of predictions against targets (NUMERAI.md, "Submissions"), checked against Numerai's own code by tests/vectors. All arrays are in the order of the same ids.
/// They explain results; no money follows from them.
/// </summary>
public static class TournamentScores
{
    const double Power = 1.5;

    /// <summary>Φ⁻¹ of a probability between 0 and 1, both excluded.</summary>
    public static double Gaussian(double probability) => Normal.InvCDF(0, 1, probability);

    /// <summary>Values as a normal sample: Φ⁻¹ of their tie-kept ranks.</summary>
    public static double[] Gaussian(ReadOnlySpan<double> values) => Array.ConvertAll(Ranks.TieKept(values), Gaussian);

    /// <summary>sign(x)·|x|^1.5: the tails count more.</summary>
    public static double[] Pow15(IEnumerable<double> values) => [.. values.Select(x => Math.Sign(x) * Math.Pow(Math.Abs(x), Power))];

    /// <summary>CORR: Pearson of both sides to the power of 1.5, the predictions gaussianised, the targets centred.</summary>
    public static double Corr(ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets) => Pearson(Pow15(Gaussian(predictions)), Pow15(Centred(targets.ToArray())));

    /// <summary>MMC: the covariance with the targets of what the predictions have and the metamodel hasn't. Targets from 0 to 1 are taken as −2 to 2.</summary>
    public static double Mmc(ReadOnlySpan<double> predictions, ReadOnlySpan<double> metamodel, ReadOnlySpan<double> targets)
    {
        var (p, m, t) = (Gaussian(predictions), Gaussian(metamodel), targets.ToArray());
        var share = Dot(p, m) / Dot(m, m);
        var own = p.Zip(m, (x, y) => x - (share * y)).ToArray();
        var scaled = t.All(x => x is >= 0 and <= 1) ? Array.ConvertAll(t, x => 4 * x) : t;
        return Dot(Centred(scaled), own) / t.Length;
    }

    /// <summary>The predictions of several models, weighted by what is staked on each.</summary>
    public static double[] StakeWeighted(IReadOnlyList<double[]> predictions, IReadOnlyList<double> stakes)
    {
        var total = stakes.Sum();
        return [.. Enumerable.Range(0, predictions[0].Length).Select(i => predictions.Select((model, k) => stakes[k] * model[i]).Sum() / total)];
    }

    /// <summary>Signals' portfolio of a signal: gaussianised, to the power of 1.5, without what the neutralizers explain, weighted.</summary>
    /// <param name="neutralizers">A row an id.</param>
    public static double[] NeutralWeights(ReadOnlySpan<double> signal, IReadOnlyList<double[]> neutralizers, IReadOnlyList<double> weights)
    {
        var s = Pow15(Gaussian(signal));
        var exposures = Enumerable.Range(0, neutralizers[0].Length).Select(k => s.Select((x, i) => neutralizers[i][k] * weights[i] * x).Sum()).ToArray();
        return [.. s.Select((x, i) => (x - Dot(neutralizers[i], exposures)) * weights[i])];
    }

    /// <summary>Signals' ALPHA: the neutral weights times the centred targets, a row.</summary>
    public static double Alpha(ReadOnlySpan<double> signal, IReadOnlyList<double[]> neutralizers, IReadOnlyList<double> weights, ReadOnlySpan<double> targets) =>
        Dot(NeutralWeights(signal, neutralizers, weights), Centred(targets.ToArray())) / targets.Length;

    public static double Pearson(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (x, y) = (Centred(a.ToArray()), Centred(b.ToArray()));
        return Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y));
    }

    public static double Spearman(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Pearson(Ranks.TieKept(a), Ranks.TieKept(b));

    internal static double[] Centred(double[] values)
    {
        var mean = values.Average();
        return Array.ConvertAll(values, x => x - mean);
    }

    static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
