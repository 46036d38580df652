namespace Backstake.Research;

/// <summary>The three objectives walked forward beside the yardsticks.</summary>
/// <param name="Choices">Which setting each objective used at each refit, in order.</param>
public sealed record Evaluation(IReadOnlyList<WalkForward> Walks, IReadOnlyList<WalkForwardComparison> Differences, IReadOnlyDictionary<string, IReadOnlyList<SettingChoice>> Choices)
{
    public static Evaluation Run(ReturnTable returns, int first, int last, int seed)
    {
        var choices = PortfolioObjective.All.ToDictionary(o => o.Name, _ => new List<SettingChoice>());
        var own = PortfolioObjective.All.Select(objective =>
        {
            var planner = new PortfolioPlanner(objective, seed: seed);
            IReadOnlyDictionary<string, double> Refit(ReturnTable known)
            {
                var (weights, choice) = planner.Refit(known);
                choices[objective.Name].Add(choice);
                return weights;
            }

            return WalkForward.Run(objective.Name, Refit, returns, first, last);
        }).ToArray();
        var others = Yardsticks.All.Select(y => WalkForward.Run(y.Name, y.Strategy, returns, first, last)).ToArray();
        return new Evaluation([.. own, .. others], [.. own.SelectMany(w => others.Select(y => WalkForwardComparison.Of(w, y, seed)))], choices.ToDictionary(c => c.Key, c => (IReadOnlyList<SettingChoice>)c.Value));
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
