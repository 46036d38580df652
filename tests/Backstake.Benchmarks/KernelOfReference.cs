using System.Diagnostics;
using Backstake.Accounting.Reference;

namespace Backstake.Benchmarks;

/// <summary>The reference's resolve, a unit-state.</summary>
internal sealed class KernelOfReference
{
    /// <summary>Nobody waits for more rounds than needed. Fewer open ones only favour the reference, whose units carry a list of them.</summary>
    private const int MostRounds = 8;

    private readonly int _series;
    private readonly Books _books;

    public KernelOfReference(int series, int rounds)
    {
        _series = series;
        _books = Season.BeginReference(series);
        for (var round = 1; round <= Math.Min(rounds, MostRounds); round++) _books = _books.Apply(new Close(new Round(round))).Books;
    }

    public double Nanoseconds()
    {
        var best = double.MaxValue;
        foreach (var round in _books.OpenRounds.Values)
        {
            var watch = Stopwatch.StartNew();
            _books.Apply(new Resolve(round.Round, new Nmr(-round.Stake.Wei >> 5)));
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / _series);
        }

        return best;
    }
}
