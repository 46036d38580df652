namespace Backstake.Research;

/// <summary>How the values of an accepted file lie: what backers see of it, the predictions themselves never.</summary>
/// <param name="Rows">Live ids with a value.</param>
/// <param name="Deviation">Of the values, over all rows.</param>
/// <param name="Distinct">Different values.</param>
/// <param name="TiedShare">The part of the rows whose value another row has too.</param>
/// <param name="Deciles">Least, nine deciles (linear between rows), greatest.</param>
public sealed record PredictionStatistics(int Rows, double Mean, double Deviation, int Distinct, double TiedShare, IReadOnlyList<double> Deciles)
{
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static PredictionStatistics Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("There are no values.", nameof(values));
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var (mean, squares) = (0.0, 0.0);
        foreach (var value in sorted) mean += value / sorted.Length;
        foreach (var value in sorted) squares += (value - mean) * (value - mean);
        var (distinct, tied) = (0, 0);
        for (var first = 0; first < sorted.Length;)
        {
            var next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first]) next++;
            distinct++;
            tied += next - first > 1 ? next - first : 0;
            first = next;
        }

        return new(sorted.Length, mean, Math.Sqrt(squares / sorted.Length), distinct, (double)tied / sorted.Length, [.. Enumerable.Range(0, 11).Select(tenth => Quantile(sorted, tenth / 10.0))]);
    }

    static double Quantile(double[] sorted, double part)
    {
        var at = part * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }
}
