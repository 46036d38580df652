namespace Backstake.Research;

/// <summary>The weights that are allowed: none negative, none above a cap, together 1.</summary>
internal static class CappedSimplex
{
    private const int MostSteps = 100;

    /// <summary>
    /// The nearest allowed point: x_i − t cut to 0 … cap, with the t at which they sum to 1. Newton's method on the piecewise linear sum, kept inside a bracket by bisection; ends exact to rounding,
    /// in a handful of steps. cap·n ≥ 1.
    /// </summary>
    public static void Project(ReadOnlySpan<double> point, double cap, Span<double> into)
    {
        var (lowest, highest) = (double.MaxValue, double.MinValue);
        foreach (var x in point)
        {
            lowest = Math.Min(lowest, x);
            highest = Math.Max(highest, x);
        }

        var (low, high) = (lowest - cap, highest); // the sum is n·cap ≥ 1 at low, 0 at high
        var t = (low + high) / 2;
        for (var step = 0; step < MostSteps; step++)
        {
            var (sum, inside) = (0.0, 0);
            foreach (var x in point)
            {
                var y = x - t;
                if (y >= cap) sum += cap;
                else if (y > 0)
                {
                    sum += y;
                    inside++;
                }
            }

            var excess = sum - 1;
            if (Math.Abs(excess) < 1e-14) break;
            if (excess > 0) low = t; else high = t;
            var next = inside > 0 ? t + (excess / inside) : (low + high) / 2;
            next = next > low && next < high ? next : (low + high) / 2;
            if (next == t) break;
            t = next;
        }

        for (var i = 0; i < point.Length; i++) into[i] = Math.Clamp(point[i] - t, 0, cap);
    }

    /// <summary>The least value of cost·w over all allowed w: the cheapest get the cap.</summary>
    public static double Least(ReadOnlySpan<double> cost, double cap)
    {
        var sorted = cost.ToArray();
        Array.Sort(sorted);
        var (left, sum) = (1.0, 0.0);
        foreach (var c in sorted)
        {
            var weight = Math.Min(cap, left);
            sum += weight * c;
            left -= weight;
            if (left <= 0) break;
        }

        return sum;
    }
}
