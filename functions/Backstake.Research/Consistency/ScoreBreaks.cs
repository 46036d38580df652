namespace Backstake.Research;

/// <summary>
/// Breaks in a model's returns, from its own rounds alone: the <see cref="After"/> rounds from a round on against the <see cref="Before"/> before it. Overlapping rounds
/// share most of their days, so a change of level is measured in errors under <see cref="RoundOverlap.Measured"/>; a change in how far returns move from round to round
/// needs no such care, since what moves them is new each time.
/// </summary>
public static class ScoreBreaks
{
    public const int Before = 100;
    public const int After = 40;

    /// <summary>Docs/research.md has the false alarms of both limits on real scores, and how many exchanged models they find.</summary>
    public const double LevelMost = 3.5;
    public const double StepsMost = 0.8;

    /// <param name="rounds">In order.</param>
    /// <param name="returns">One a round; NaN where the model took no part.</param>
    /// <returns>One for each run of rounds beyond a limit, less than <see cref="After"/> rounds apart: where it is clearest.</returns>
    public static IReadOnlyList<ConsistencyBreak> Of(IReadOnlyList<int> rounds, ReadOnlySpan<double> returns)
    {
        var (numbers, values) = (new List<int>(), new List<double>());
        for (var i = 0; i < returns.Length; i++)
        {
            if (double.IsNaN(returns[i])) continue;
            numbers.Add(rounds[i]);
            values.Add(returns[i]);
        }

        double[] series = [.. values];
        return [.. Runs(numbers, series, BreakKind.Level, LevelMost, Level).Concat(Runs(numbers, series, BreakKind.Steps, StepsMost, Steps)).OrderBy(found => found.Round)];
    }

    private static IEnumerable<ConsistencyBreak> Runs(List<int> rounds, double[] series, BreakKind kind, double limit, Func<double[], int, double> measure)
    {
        (ConsistencyBreak Clearest, int Last)? run = null;
        for (var at = Before; at + After <= series.Length; at++)
        {
            if (run is { } over && at - over.Last > After)
            {
                yield return over.Clearest;
                run = null;
            }

            var value = measure(series, at);
            if (value >= limit) run = (run is { } known && known.Clearest.Value >= value ? known.Clearest : new(rounds[at], kind, value, limit), at);
        }

        if (run is { } last) yield return last.Clearest;
    }

    private static readonly double ErrorOfDifference =
        Math.Sqrt((RoundOverlap.Measured.Inflation(Before) / Before) + (RoundOverlap.Measured.Inflation(After) / After));

    private static double Level(double[] series, int at)
    {
        ReadOnlySpan<double> before = series.AsSpan(at - Before, Before), after = series.AsSpan(at, After);
        var mean = Mean(before);
        var squares = 0.0;
        foreach (var value in before) squares += (value - mean) * (value - mean);
        var error = Math.Sqrt(squares / Before) * ErrorOfDifference;
        return error > 0 ? Math.Abs(Mean(after) - mean) / error : 0;
    }

    private static double Steps(double[] series, int at)
    {
        var (before, after) = (MedianStep(series.AsSpan(at - Before, Before)), MedianStep(series.AsSpan(at, After)));
        return before > 0 && after > 0 ? Math.Abs(Math.Log(after / before)) : 0;
    }

    private static double MedianStep(ReadOnlySpan<double> values)
    {
        var steps = new double[values.Length - 1];
        for (var i = 0; i < steps.Length; i++) steps[i] = Math.Abs(values[i + 1] - values[i]);
        Array.Sort(steps);
        return (steps[(steps.Length - 1) / 2] + steps[steps.Length / 2]) / 2;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }
}
