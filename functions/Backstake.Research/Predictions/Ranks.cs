namespace Backstake.Research;

/// <summary>Ranks as Numerai's scores use them (NUMERAI.md, "Submissions").</summary>
public static class Ranks
{
    /// <summary>(average rank − ½)/n: equal values have equal ranks.</summary>
    public static double[] TieKept(ReadOnlySpan<double> values)
    {
        var (sorted, order) = Sorted(values);
        var ranks = new double[values.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first]) next++;
            for (var i = first; i < next; i++) ranks[order[i]] = (first + next) / 2.0 / values.Length;
            first = next;
        }

        return ranks;
    }

    /// <summary>(rank − ½)/n: of equal values the earlier one is the lower.</summary>
    public static double[] TieBroken(ReadOnlySpan<double> values)
    {
        var (_, order) = Sorted(values);
        var ranks = new double[values.Length];
        for (var i = 0; i < order.Length; i++) ranks[order[i]] = (i + 0.5) / values.Length;
        return ranks;
    }

    static (double[] Sorted, int[] Order) Sorted(ReadOnlySpan<double> values)
    {
        var keys = new (double Value, int At)[values.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (values[i], i);
        Array.Sort(keys);
        return (Array.ConvertAll(keys, key => key.Value), Array.ConvertAll(keys, key => key.At));
    }
}
