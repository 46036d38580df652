namespace Backstake.Research;

/// <summary>Risk of a series of returns on a constant stake: gains and losses add up, they don't compound.</summary>
public static class Risk
{
    /// <summary>The part of the rounds that counts as the worst.</summary>
    public const double Tail = 0.05;

    /// <summary>Mean of the worst ⌊5 %⌋ of the rounds, at least of one (Rockafellar and Uryasev 2000). Negative: a loss. NaN without rounds.</summary>
    public static double Cvar(ReadOnlySpan<double> returns)
    {
        if (returns.IsEmpty) return double.NaN;
        var sorted = returns.ToArray();
        Array.Sort(sorted);
        var worst = Worst(sorted.Length);
        var sum = 0.0;
        for (var i = 0; i < worst; i++) sum += sorted[i];
        return sum / worst;
    }

    public static int Worst(int rounds) => Math.Max(1, (int)(Tail * rounds));

    /// <summary>Sample deviation; NaN for fewer than two.</summary>
    public static double Volatility(ReadOnlySpan<double> returns)
    {
        if (returns.Length < 2) return double.NaN;
        var (mean, sum) = (0.0, 0.0);
        foreach (var x in returns) mean += x / returns.Length;
        foreach (var x in returns) sum += (x - mean) * (x - mean);
        return Math.Sqrt(sum / (returns.Length - 1));
    }

    /// <summary>The greatest fall of the running sum below its highest so far (or below its beginning); 0 or more, in stakes.</summary>
    public static double MaxDrawdown(ReadOnlySpan<double> returns) => Drawdown.Deepest(returns).Depth;
}

/// <summary>A fall of the running sum below its highest so far.</summary>
/// <param name="Depth">In stakes; 0: there was none.</param>
/// <param name="RoundsDown">From the peak to the lowest point.</param>
/// <param name="RoundsToRecover">From the lowest point until the peak is reached again; null: not yet.</param>
public sealed record Drawdown(double Depth, int RoundsDown, int? RoundsToRecover)
{
    public static Drawdown Deepest(ReadOnlySpan<double> returns)
    {
        var (sum, peak, depth, peakAt, from, low) = (0.0, 0.0, 0.0, -1, -1, -1);
        var goal = 0.0;
        int? recovered = null;
        for (var i = 0; i < returns.Length; i++)
        {
            sum += returns[i];
            if (sum >= peak) (peak, peakAt) = (sum, i);
            if (peak - sum > depth) (depth, from, low, goal, recovered) = (peak - sum, peakAt, i, peak, null);
            else if (recovered is null && low >= 0 && sum >= goal) recovered = i - low;
        }

        return low < 0 ? new Drawdown(0, 0, 0) : new Drawdown(depth, low - from, recovered);
    }

    /// <summary>The most rounds in a row below the highest so far; still counting if the series ends below it.</summary>
    public static int Longest(ReadOnlySpan<double> returns)
    {
        var (sum, peak, under, longest) = (0.0, 0.0, 0, 0);
        foreach (var x in returns)
        {
            sum += x;
            if (sum >= peak) (peak, under) = (sum, 0);
            else longest = Math.Max(longest, ++under);
        }

        return longest;
    }
}
