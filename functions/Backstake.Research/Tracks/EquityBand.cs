namespace Backstake.Research;

/// <summary>The running sum of a series and where nine of ten bootstrap paths of it lie, by round.</summary>
public sealed record EquityBand(IReadOnlyList<int> Rounds, double[] Equity, double[] Lower, double[] Upper, double[] Drawdown)
{
    /// <summary>Null below <see cref="MeanError.LeastRounds"/>: too early to say.</summary>
    public static EquityBand? Of(ReturnTable returns, int model, int paths = 500, int seed = 1)
    {
        int[] at = [.. Enumerable.Range(0, returns.Rounds.Count).Where(t => !double.IsNaN(returns[model, t]))];
        if (at.Length < MeanError.LeastRounds) return null;
        var series = returns.Submitted(model);
        var n = series.Length;
        var sums = new double[n][];
        for (var i = 0; i < n; i++) sums[i] = new double[paths];
        var bootstrap = new StationaryBootstrap(n, MeanError.MeanBlock(n), seed);
        var path = new int[n];
        for (var p = 0; p < paths; p++)
        {
            bootstrap.NextPath(path);
            var sum = 0.0;
            for (var i = 0; i < n; i++) sums[i][p] = sum += series[path[i]];
        }

        var (equity, drawdown) = (new double[n], new double[n]);
        var (total, peak) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            equity[i] = total += series[i];
            peak = Math.Max(peak, total);
            drawdown[i] = total - peak;
            Array.Sort(sums[i]);
        }

        return new EquityBand([.. at.Select(t => returns.Rounds[t])], equity, [.. sums.Select(s => s[(int)(0.05 * paths)])], [.. sums.Select(s => s[(int)(0.95 * paths)])], drawdown);
    }
}
