namespace Backstake.Research;

/// <summary>The three objectives walked forward beside the yardsticks.</summary>
public sealed record Evaluation(IReadOnlyList<WalkForward> Walks, IReadOnlyList<WalkForwardComparison> Differences)
{
    public static Evaluation Run(ReturnTable returns, int first, int last, int seed)
    {
        (string Name, Strategy Strategy)[] all = [.. PortfolioObjective.All.Select(o => (o.Name, new PortfolioPlanner(o, seed: seed).Strategy)), .. Yardsticks.All];
        var walks = all.Select(s => WalkForward.Run(s.Name, s.Strategy, returns, first, last)).ToArray();
        var own = walks.Take(PortfolioObjective.All.Count);
        return new Evaluation(walks, [.. own.SelectMany(w => walks.Skip(PortfolioObjective.All.Count).Select(y => WalkForwardComparison.Of(w, y, seed)))]);
    }

    public LineChart Chart() => new(
        $"Walk-forward, rounds {Walks[0].Rounds[0]} to {Walks[0].Rounds[^1]}",
        $"Running sum of returns on a round's stake; refit every {WalkForward.HoldRounds} rounds on what was then resolved.",
        Walks[0].Rounds,
        [
            new ChartPanel("running sum", TrackChart.Unit, [.. Walks.Select(w => new ChartLine(w.Name, RunningSum(w.Returns)))]),
            new ChartPanel("drawdown", TrackChart.Unit, [.. Walks.Where(w => PortfolioObjective.All.Any(o => o.Name == w.Name) || w.Name == Yardsticks.EqualName).Select(w => new ChartLine(w.Name, Below(w.Returns)))]),
        ]);

    private static double[] RunningSum(double[] returns)
    {
        var (sums, sum) = (new double[returns.Length], 0.0);
        for (var i = 0; i < returns.Length; i++) sums[i] = sum += returns[i];
        return sums;
    }

    private static double[] Below(double[] returns)
    {
        var (below, sum, peak) = (new double[returns.Length], 0.0, 0.0);
        for (var i = 0; i < returns.Length; i++)
        {
            sum += returns[i];
            peak = Math.Max(peak, sum);
            below[i] = sum - peak;
        }

        return below;
    }
}
