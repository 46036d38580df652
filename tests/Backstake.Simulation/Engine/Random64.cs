namespace Backstake.Simulation.Engine;

/// <summary>Chance from a seed (SplitMix64): the same on every machine and in every version of .NET.</summary>
public sealed class Random64(ulong seed)
{
    ulong state = seed;

    /// <summary>A stream of its own for every purpose, so that one purpose drawing more changes no other.</summary>
    public static Random64 For(int seed, string purpose)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in purpose)
            hash = (hash ^ c) * 1099511628211UL;
        return new Random64(hash ^ ((ulong)seed * 0x9E3779B97F4A7C15UL));
    }

    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From <paramref name="from"/> to below <paramref name="below"/>.</summary>
    public int Between(int from, int below) => from + (int)(Next() % (ulong)(below - from));

    /// <summary>From 0 to below 1.</summary>
    public double Part() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Part() < probability;

    public TimeSpan Span(TimeSpan from, TimeSpan to) => from + TimeSpan.FromTicks((long)(Part() * (to - from).Ticks));

    public T Of<T>(IReadOnlyList<T> list) => list[Between(0, list.Count)];
}
