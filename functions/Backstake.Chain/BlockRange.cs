namespace Backstake.Chain;

/// <summary>Blocks by their heights, the first and the last within.</summary>
public sealed record BlockRange(long First, long Last)
{
    /// <summary>Blocks asked for at once: nodes refuse larger ranges (2,000 is the least that common providers allow).</summary>
    public const long BlocksMost = 2_000;

    /// <summary>The ranges in which a node is asked for these blocks, one after the other; none where the last comes before the first.</summary>
    public static IEnumerable<BlockRange> Between(long first, long last)
    {
        for (var from = first; from <= last; from += BlocksMost)
            yield return new(from, Math.Min(last, from + BlocksMost - 1));
    }
}
