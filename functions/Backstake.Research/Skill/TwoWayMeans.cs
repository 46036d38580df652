namespace Backstake.Research;

/// <summary>
/// Returns as round + model: what a round gave to everybody, and what a model gave beyond it. A model that took part in good rounds only isn't better for it.
/// Least squares over the cells that exist, by turns (backfitting).
/// </summary>
internal sealed class TwoWayMeans
{
    private const int MostTurns = 50;
    private const double Tolerance = 1e-6; // of a return; its error is about 5e-3

    private TwoWayMeans(double[] rounds, double[] models) => (Rounds, Models) = (rounds, models);

    /// <summary>Per round; NaN where no model took part.</summary>
    public double[] Rounds { get; }

    /// <summary>Per model; their mean is 0.</summary>
    public double[] Models { get; }

    public static TwoWayMeans Of(ReturnTable returns, IReadOnlyList<int> models)
    {
        var (rounds, effects) = (new double[returns.Rounds.Count], new double[models.Count]);
        var (sums, counts) = (new double[rounds.Length], new int[rounds.Length]);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            for (var m = 0; m < models.Count; m++)
            {
                var series = returns[models[m]];
                for (var t = 0; t < series.Length; t++)
                {
                    if (double.IsNaN(series[t])) continue;
                    sums[t] += series[t] - effects[m];
                    counts[t]++;
                }
            }

            for (var t = 0; t < rounds.Length; t++) rounds[t] = counts[t] == 0 ? double.NaN : sums[t] / counts[t];

            var (change, mean) = (0.0, 0.0);
            for (var m = 0; m < models.Count; m++)
            {
                var (sum, count) = (0.0, 0);
                var series = returns[models[m]];
                for (var t = 0; t < rounds.Length; t++)
                {
                    if (double.IsNaN(series[t])) continue;
                    sum += series[t] - rounds[t];
                    count++;
                }

                change = Math.Max(change, Math.Abs((sum / count) - effects[m]));
                effects[m] = sum / count;
                mean += effects[m] / models.Count;
            }

            for (var m = 0; m < models.Count; m++) effects[m] -= mean;
            if (change < Tolerance) break;
        }

        return new TwoWayMeans(rounds, effects);
    }
}
