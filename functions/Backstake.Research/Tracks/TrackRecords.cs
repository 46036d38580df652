namespace Backstake.Research;

/// <summary>Track records of models, each with intervals from its own bootstrap paths.</summary>
public sealed class TrackRecords
{
    public const int DefaultPaths = 2_000;

    private readonly int paths;
    private readonly int seed;

    public TrackRecords(int paths = DefaultPaths, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 100); // 5 % and 95 % points of fewer are no points
        (this.paths, this.seed) = (paths, seed);
    }

    /// <summary>Of every model; equal weights.</summary>
    public IReadOnlyList<TrackRecord> Of(ReturnTable returns) => Of(returns, stakes: null);

    /// <param name="stakes">What was staked on each model in each round, same rounds and models; NaN counts as nothing.</param>
    public IReadOnlyList<TrackRecord> Of(ReturnTable returns, ReturnTable? stakes)
    {
        var records = new TrackRecord[returns.Models.Count];
        Parallel.For(0, records.Length, m => records[m] = Of(returns, stakes, m));
        return records;
    }

    private TrackRecord Of(ReturnTable returns, ReturnTable? stakes, int model)
    {
        int[] at = [.. Enumerable.Range(0, returns.Rounds.Count).Where(t => !double.IsNaN(returns[model, t]))];
        double[] series = [.. at.Select(t => returns[model, t])];
        double[] weights = [.. at.Select(t => stakes is null || double.IsNaN(stakes[model, t]) ? stakes is null ? 1 : 0 : stakes[model, t])];
        var n = series.Length;
        var isEarly = n < MeanError.LeastRounds;
        var samples = isEarly ? null : Samples.Draw(series, weights, paths, seed);
        var error = isEarly ? null : MeanError.Of(series);
        var mean = isEarly ? 0 : series.Average();
        return new TrackRecord
        {
            Model = returns.Models[model],
            Submitted = n,
            Missed = n == 0 ? 0 : returns.Rounds.Count - at[0] - n,
            FirstRound = n == 0 ? null : returns.Rounds[at[0]],
            Mean = error is null ? null : new Figure(mean, mean - error.HalfWidth(FieldSkill.Coverage), mean + error.HalfWidth(FieldSkill.Coverage), n),
            Volatility = isEarly ? null : Volatility(series),
            Cvar = isEarly ? null : Cvar(series),
            DeepestDrawdown = samples?.Plain(s => s.Deepest, Risk.MaxDrawdown(series)),
            LongestDrawdown = samples?.Plain(s => s.Longest, Drawdown.Longest(series)),
            Recovery = samples?.Recovered(Drawdown.Deepest(series).RoundsToRecover),
            LastMonth = isEarly ? null : Rolling(series, TrackRecord.Month),
            LastYear = n < TrackRecord.RoundsAYear ? null : LastYear(series),
            AllTime = samples is null || weights.Sum() <= 0 ? null : samples.Wide(s => s.AllTime, Weighted(series, weights), error!),
        };
    }

    private static Figure Volatility(double[] series)
    {
        var volatility = Risk.Volatility(series);
        var (lower, upper) = RiskError.OfVolatility(volatility, series.Length);
        return new Figure(volatility, lower, upper, series.Length);
    }

    private static Figure Cvar(double[] series)
    {
        var cvar = Risk.Cvar(series);
        var (lower, upper) = RiskError.OfCvar(cvar, Risk.Volatility(series), series.Length);
        return new Figure(cvar, lower, upper, series.Length);
    }

    private static Figure Rolling(double[] series, int window)
    {
        var sums = new double[series.Length + 1];
        for (var i = 0; i < series.Length; i++) sums[i + 1] = sums[i] + series[i];
        double[] means = [.. Enumerable.Range(0, series.Length - window + 1).Select(i => (sums[i + window] - sums[i]) / window)];
        var last = means[^1];
        Array.Sort(means);
        return new Figure(last, Quantile(means, 0.05), Quantile(means, 0.95), window);
    }

    private static Figure LastYear(double[] series)
    {
        var year = series[^TrackRecord.RoundsAYear..];
        var half = MeanError.Of(year).HalfWidth(FieldSkill.Coverage);
        return new Figure(year.Average(), year.Average() - half, year.Average() + half, year.Length);
    }

    private static double Weighted(double[] series, double[] weights)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < series.Length; i++)
        {
            sum += weights[i] * series[i];
            weight += weights[i];
        }

        return sum / weight;
    }

    private static double Quantile(double[] sorted, double part) => sorted[Math.Clamp((int)(part * sorted.Length), 0, sorted.Length - 1)];

    private sealed class OnePath(double deepest, int? recovered, int longest, double allTime)
    {
        public double Deepest { get; } = deepest;

        /// <summary>Rounds; null: not by its end.</summary>
        public int? Recovered { get; } = recovered;
        public double Longest { get; } = longest;
        public double AllTime { get; } = allTime;
    }

    private sealed class Samples(OnePath[] all, int rounds)
    {
        public static Samples Draw(double[] series, double[] weights, int paths, int seed)
        {
            var n = series.Length;
            var bootstrap = new StationaryBootstrap(n, MeanError.MeanBlock(n), seed);
            var (path, values) = (new int[n], new double[n]);
            var all = new OnePath[paths];
            for (var p = 0; p < paths; p++)
            {
                bootstrap.NextPath(path);
                var (weighted, weight) = (0.0, 0.0);
                for (var i = 0; i < n; i++)
                {
                    var x = series[path[i]];
                    values[i] = x;
                    weighted += weights[path[i]] * x;
                    weight += weights[path[i]];
                }

                var deepest = Drawdown.Deepest(values);
                all[p] = new OnePath(deepest.Depth, deepest.RoundsToRecover, Drawdown.Longest(values), weight > 0 ? weighted / weight : double.NaN);
            }

            return new Samples(all, n);
        }

        /// <summary>Percentiles as they are.</summary>
        public Figure Plain(Func<OnePath, double> figure, double value)
        {
            var sorted = all.Select(figure).Where(x => !double.IsNaN(x)).Order().ToArray();
            return new Figure(value, Math.Min(value, Quantile(sorted, 0.05)), Math.Max(value, Quantile(sorted, 0.95)), rounds);
        }

        /// <summary>Those that hadn't recovered took longer than any that had.</summary>
        public Recovery Recovered(int? value)
        {
            var sorted = all.Select(path => path.Recovered ?? int.MaxValue).Order().ToArray();
            int? At(double part) => sorted[(int)(part * sorted.Length)] is var rounds and < int.MaxValue ? rounds : null;
            return new Recovery(value, At(0.05), At(0.95), rounds);
        }

        /// <summary>Percentiles, drawn apart by as much as the mean's interval is wider than its bootstrap error says.</summary>
        public Figure Wide(Func<OnePath, double> figure, double value, MeanError error)
        {
            const double NormalPoint = 1.6449; // of 95 %
            var plain = Plain(figure, value);
            var factor = error.Standard > 0 ? error.HalfWidth(FieldSkill.Coverage) / (NormalPoint * error.Standard) : 1;
            return plain with { Lower = value - (factor * (value - plain.Lower)), Upper = value + (factor * (plain.Upper - value)) };
        }
    }
}
