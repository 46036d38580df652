namespace Backstake.Research;

/// <summary>
/// Which of an objective's settings to use, by cross-validation forward in time inside the known rounds: each setting is walked forward (<see cref="WalkForward"/>: every refit sees only what was resolved by then, so
/// that no fold's results overlap with what it was fitted on). The standard is the blend of all settings in equal parts: estimated choices between portfolios are mostly noise, and a mean of them isn't (Timmermann 2006).
/// A single setting takes its place only where it scored better in nine of ten bootstrap paths through those rounds.
/// </summary>
/// <param name="Setting">The name of the one that is used, or <see cref="Blend"/>.</param>
/// <param name="Rounds">Rounds inside the known ones that it was judged on.</param>
/// <param name="Scores">Of each setting on them, a round, the blend first; empty: fewer than <see cref="LeastRounds"/>.</param>
/// <param name="Confidence">The part of the bootstrap paths in which the best single one scored better than the blend; 0: too few rounds.</param>
public sealed record SettingChoice(string Setting, int Rounds, IReadOnlyDictionary<string, double> Scores, double Confidence)
{
    public const string Blend = "blend";

    /// <summary>Two refits' worth: of fewer rounds no choice is made.</summary>
    public const int LeastRounds = 40;

    private const double Told = 0.9;
    private const int Paths = 200;

    /// <param name="known">The rounds known.</param>
    /// <param name="settings">Their names.</param>
    /// <param name="fit">Weights by each setting, from what was known in a fold.</param>
    public static SettingChoice Of(ReturnTable known, PortfolioObjective objective, IReadOnlyList<string> settings, Func<ReturnTable, IReadOnlyList<IReadOnlyDictionary<string, double>>> fit, int lag, int seed)
    {
        if (known.Rounds.Count == 0) return new SettingChoice(Blend, 0, new Dictionary<string, double>(), 0);
        var first = known.Rounds[0] + MeanError.LeastRounds + lag;
        var rounds = known.Rounds.Count(round => round >= first);
        if (rounds < LeastRounds || settings.Count < 2) return new SettingChoice(Blend, rounds, new Dictionary<string, double>(), 0);

        double[][] returns = [.. WalkForward.RunAll(settings, fit, known, first, known.Rounds[^1], lag: lag).Select(walk => walk.Returns)];
        double[] blend = [.. Enumerable.Range(0, rounds).Select(i => returns.Average(r => r[i]))];
        double[] scores = [.. returns.Select(r => objective.Score(r))];
        var best = Array.IndexOf(scores, scores.Max());
        var confidence = Beats(objective, returns[best], blend, seed);
        var named = new Dictionary<string, double> { [Blend] = objective.Score(blend) };
        for (var i = 0; i < scores.Length; i++) named[settings[i]] = scores[i];
        return new SettingChoice(confidence >= Told ? settings[best] : Blend, rounds, named, confidence);
    }

    private static double Beats(PortfolioObjective objective, double[] one, double[] other, int seed)
    {
        var n = one.Length;
        var bootstrap = new StationaryBootstrap(n, MeanError.MeanBlock(n), seed);
        var (path, a, b, won) = (new int[n], new double[n], new double[n], 0);
        for (var p = 0; p < Paths; p++)
        {
            bootstrap.NextPath(path);
            for (var i = 0; i < n; i++) (a[i], b[i]) = (one[path[i]], other[path[i]]);
            if (objective.Score(a) > objective.Score(b)) won++;
        }

        return (double)won / Paths;
    }
}
