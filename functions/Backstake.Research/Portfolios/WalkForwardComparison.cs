namespace Backstake.Research;

/// <summary>A strategy beside another over the same rounds: differences (first minus second) with 90 % intervals.</summary>
/// <param name="Return">A round; the interval is calibrated as any mean's.</param>
/// <param name="Cvar">Interval from paths that both go through together.</param>
/// <param name="Drawdown">As <paramref name="Cvar"/>; negative: the first fell less.</param>
public sealed record WalkForwardComparison(string First, string Second, Figure Return, Figure Cvar, Figure Drawdown)
{
    private const int Paths = 2_000;

    public static WalkForwardComparison Of(WalkForward first, WalkForward second, int seed = 1)
    {
        var n = first.Returns.Length;
        if (n < MeanError.LeastRounds) throw new ResearchInputException($"Too early to say: differences need at least {MeanError.LeastRounds} rounds.");
        double[] difference = [.. first.Returns.Zip(second.Returns, (a, b) => a - b)];
        var half = MeanError.Of(difference).HalfWidth(FieldSkill.Coverage);
        var mean = difference.Average();
        var bootstrap = new StationaryBootstrap(n, MeanError.MeanBlock(n), seed);
        var (path, a, b, cvars, falls) = (new int[n], new double[n], new double[n], new double[Paths], new double[Paths]);
        for (var p = 0; p < Paths; p++)
        {
            bootstrap.NextPath(path);
            for (var i = 0; i < n; i++) (a[i], b[i]) = (first.Returns[path[i]], second.Returns[path[i]]);
            cvars[p] = Risk.Cvar(a) - Risk.Cvar(b);
            falls[p] = Risk.MaxDrawdown(a) - Risk.MaxDrawdown(b);
        }

        return new WalkForwardComparison(
            first.Name, second.Name, new Figure(mean, mean - half, mean + half, n), Interval(first.Cvar - second.Cvar, cvars, n), Interval(first.MaxDrawdown - second.MaxDrawdown, falls, n));
    }

    private static Figure Interval(double value, double[] paths, int rounds)
    {
        Array.Sort(paths);
        return new Figure(value, Math.Min(value, paths[(int)(0.05 * Paths)]), Math.Max(value, paths[(int)(0.95 * Paths)]), rounds);
    }
}
