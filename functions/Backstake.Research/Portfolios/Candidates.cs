namespace Backstake.Research;

/// <summary>The models that are weighed against each other, and those that aren't, by the reason why not.</summary>
/// <param name="Skills">Best shrunk value first.</param>
/// <param name="TooEarly">Fewer than 30 resolved rounds.</param>
/// <param name="Absent">Took part in less than half of the last 20 resolved rounds.</param>
/// <param name="Copies">Returns that correlate above 0.98 with those of a better one.</param>
internal sealed record Candidates(IReadOnlyList<ModelSkill> Skills, IReadOnlyList<string> TooEarly, IReadOnlyList<string> Absent, IReadOnlyList<string> Copies)
{
    private const double CopyCorrelation = 0.98; // two models that move together so closely are one
    private const int RecentRounds = 20;

    /// <summary>Only so many of the best by shrunk value are weighed against each other: among more, an optimiser finds coincidences, and its time grows with their number.</summary>
    private const int Most = 100;

    /// <param name="held">Models that stay in whatever they are.</param>
    public static Candidates Of(ReturnTable known, IReadOnlyDictionary<string, double>? held = null)
    {
        var skill = FieldSkill.Of(known);
        var (kept, absent, copies) = (new List<ModelSkill>(), new List<string>(), new List<string>());
        foreach (var m in skill.Models.OrderByDescending(m => m.Shrunk))
        {
            var isHeld = held?.ContainsKey(m.Model) == true;
            if (!IsPresent(known, m.Model)) absent.Add(m.Model);
            else if (isHeld) kept.Add(m);
            else if (kept.Count >= Most) continue;
            else if (kept.Exists(k => Correlation(known, k.Model, m.Model) >= CopyCorrelation)) copies.Add(m.Model);
            else kept.Add(m);
        }

        return new Candidates(kept, skill.TooEarly, absent, copies);
    }

    private static bool IsPresent(ReturnTable known, string model)
    {
        var series = known[known.IndexOf(model)];
        var recent = series[Math.Max(0, series.Length - RecentRounds)..];
        var count = 0;
        foreach (var x in recent) count += double.IsNaN(x) ? 0 : 1;
        return 2 * count >= recent.Length;
    }

    /// <summary>Over rounds in which both took part; 0 where those are too few to call anything a copy.</summary>
    private static double Correlation(ReturnTable known, string first, string second)
    {
        var a = known[known.IndexOf(first)];
        var b = known[known.IndexOf(second)];
        var (n, sumA, sumB) = (0, 0.0, 0.0);
        for (var t = 0; t < a.Length; t++)
        {
            if (double.IsNaN(a[t] + b[t])) continue;
            (n, sumA, sumB) = (n + 1, sumA + a[t], sumB + b[t]);
        }

        if (n < RecentRounds) return 0;
        var (squaresA, squaresB, products) = (0.0, 0.0, 0.0);
        for (var t = 0; t < a.Length; t++)
        {
            if (double.IsNaN(a[t] + b[t])) continue;
            var (x, y) = (a[t] - (sumA / n), b[t] - (sumB / n));
            (squaresA, squaresB, products) = (squaresA + (x * x), squaresB + (y * y), products + (x * y));
        }

        return squaresA > 0 && squaresB > 0 ? products / Math.Sqrt(squaresA * squaresB) : 0;
    }
}
