namespace Backstake.Research;

/// <summary>
/// What a strategy would have earned: refit on what was then resolved, held for the next rounds, refit again. In a round in which a model takes no part, the others take its share.
/// </summary>
/// <param name="Returns">Per round of the window.</param>
/// <param name="Turnover">The part of the portfolio that changed at a refit, mean over refits after the first.</param>
public sealed record WalkForward(string Name, IReadOnlyList<int> Rounds, double[] Returns, double Turnover)
{
    public const int HoldRounds = 20;

    public double Mean => Returns.Average();

    public double Cvar => Risk.Cvar(Returns);

    public double MaxDrawdown => Risk.MaxDrawdown(Returns);

    /// <param name="first">First round of the window; the first refit knows the rounds up to <paramref name="first"/> − 1 − <see cref="ReturnTable.ResolutionLag"/>.</param>
    /// <param name="last">Last round of the window; the last holding may be shorter.</param>
    public static WalkForward Run(string name, Strategy strategy, ReturnTable returns, int first, int last, int hold = HoldRounds) =>
        RunAll([name], known => [strategy(known)], returns, first, last, hold).Single();

    /// <summary>Several at once: <paramref name="refit"/> gives the weights of each, in the order of the names.</summary>
    public static IReadOnlyList<WalkForward> RunAll(
        IReadOnlyList<string> names, Func<ReturnTable, IReadOnlyList<IReadOnlyDictionary<string, double>>> refit, ReturnTable returns, int first, int last, int hold = HoldRounds, int lag = ReturnTable.ResolutionLag)
    {
        int[] window = [.. Enumerable.Range(0, returns.Rounds.Count).Where(t => returns.Rounds[t] >= first && returns.Rounds[t] <= last)];
        if (window.Length == 0) throw new ResearchInputException($"There are no scores of rounds {first} to {last}.");
        IReadOnlyList<IReadOnlyDictionary<string, double>>? weights = null;
        double[][] earned = [.. names.Select(_ => new double[window.Length])];
        var (turnover, refits, next) = (new double[names.Count], 0, first);
        for (var i = 0; i < window.Length; i++)
        {
            var t = window[i];
            if (returns.Rounds[t] >= next || weights is null)
            {
                var fresh = refit(returns.KnownAt(returns.Rounds[t] - 1, lag));
                if (weights is not null)
                {
                    for (var s = 0; s < names.Count; s++) turnover[s] += Changed(weights[s], fresh[s]);
                    refits++;
                }

                weights = fresh;
                while (next <= returns.Rounds[t]) next += hold;
            }

            for (var s = 0; s < names.Count; s++) earned[s][i] = Earned(returns, t, weights[s]);
        }

        int[] rounds = [.. window.Select(t => returns.Rounds[t])];
        return [.. names.Select((name, s) => new WalkForward(name, rounds, earned[s], refits == 0 ? 0 : turnover[s] / refits))];
    }

    private static double Changed(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) =>
        after.Keys.Union(before.Keys).Sum(model => Math.Abs(after.GetValueOrDefault(model) - before.GetValueOrDefault(model))) / 2;

    private static double Earned(ReturnTable returns, int t, IReadOnlyDictionary<string, double> weights)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var m = 0; m < returns.Models.Count; m++)
        {
            if (double.IsNaN(returns[m, t]) || !weights.TryGetValue(returns.Models[m], out var w)) continue;
            sum += w * returns[m, t];
            weight += w;
        }

        return weight > 0 ? sum / weight : 0;
    }
}
