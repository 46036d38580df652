namespace Backstake.Research;

/// <summary>
/// How much a vault's predictions changed between two submissions over the same ids: Signals and Crypto keep their universe, Classic has other ids every round
/// (NUMERAI.md, "Submissions").
/// </summary>
public static class Churn
{
    /// <summary>At or above it Signals takes the stake out of the round.</summary>
    public const double SignalsChurnMost = 0.15;

    /// <summary>At or above it Signals takes the stake out of the round.</summary>
    public const double SignalsTurnoverMost = 0.25;

    const double CommonLeast = 0.8; // of each side

    /// <summary>1 − Spearman on the ids that both have; null: they have less than 80 % of their ids in common, or one of them is constant there.</summary>
    public static double? Of(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after)
    {
        var common = before.Keys.Where(after.ContainsKey).Order(StringComparer.Ordinal).ToList();
        if (common.Count < CommonLeast * before.Count || common.Count < CommonLeast * after.Count || common.Count == 0)
            return null;
        var churn = 1 - TournamentScores.Spearman([.. common.Select(id => before[id])], [.. common.Select(id => after[id])]);
        return double.IsNaN(churn) ? null : churn;
    }

    /// <summary>1 − the part of the <paramref name="count"/> highest and lowest that stayed. Of equal values the one that comes first by id is the lower.</summary>
    public static double OfTopAndBottom(ReadOnlySpan<double> before, ReadOnlySpan<double> after, int count)
    {
        var (a, b) = (Ranks.TieBroken(before), Ranks.TieBroken(after));
        var n = a.Length;
        int Stayed(Func<double, bool> isIn) => Enumerable.Range(0, n).Count(i => isIn(a[i]) && isIn(b[i]));
        return 1 - ((Stayed(rank => rank * n < count) + Stayed(rank => rank * n > n - count)) / (2.0 * count));
    }

    /// <summary>Half of all that moved: Σ|after − before|/2, on weights.</summary>
    public static double Turnover(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        var sum = 0.0;
        for (var i = 0; i < before.Length; i++) sum += Math.Abs(after[i] - before[i]);
        return sum / 2;
    }

    /// <summary>A warning where Signals would take the stake out of the round for churn; null: it wouldn't, or it can't be said.</summary>
    public static PredictionWarning? Warning(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) => Of(before, after) is { } churn and >= SignalsChurnMost
        ? new("highChurn", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Against the last submission the churn is {churn:F3}; at {SignalsChurnMost} Signals stakes nothing."))
        : null;
}
