using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Backstake.Accounting;

namespace Backstake.Benchmarks;

/// <summary>q = ⌊P·s/A⌋ and its additions for every unit-state of so many series and rounds: as the books do it, in BigInteger arrays, and what reading and one addition cost.</summary>
internal sealed class KernelOfBooks
{
    /// <summary>How often each round is timed, for at least so many units a time: short enough to fall between other work on the machine.</summary>
    private const int Repeats = 200;
    private const int UnitsPerTiming = 20_000;

    private readonly BooksState _books;
    private readonly Proportion[] _results;
    private readonly int _series;
    private Int128 _together;

    public KernelOfBooks(int series, int rounds, bool roundAmounts = false)
    {
        _series = series;
        _books = Season.Begin(series, roundAmounts);
        for (var round = 1; round <= rounds; round++) _books.Apply(new Close(new Round(round)), out _);
        _results = [.. _books.OpenRounds.Select(round => new Proportion(Season.PayoutOf(round, roundAmounts), round.Stake))];
        // Until the compiler has made its last version.
        for (var warming = Stopwatch.StartNew(); warming.ElapsedMilliseconds < 1_000;)
        {
            for (var round = 0; round < _results.Length; round++) Give(round);
            Add(0);
        }
    }

    /// <summary>A unit-state of the fold, by what a resolve calls; and of the floor: reading its stake and one addition. Turn about, the best of each round.</summary>
    public (double Kernel, double Floor) Nanoseconds()
    {
        var (kernel, floor) = (0.0, 0.0);
        var times = Math.Max(1, UnitsPerTiming / _series);
        for (var round = 0; round < _results.Length; round++)
        {
            var (bestKernel, bestFloor) = (double.MaxValue, double.MaxValue);
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < times; i++) Give(round);
                bestKernel = Math.Min(bestKernel, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
                start = Stopwatch.GetTimestamp();
                for (var i = 0; i < times; i++) Add(round);
                bestFloor = Math.Min(bestFloor, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            (kernel, floor) = (kernel + bestKernel, floor + bestFloor);
        }

        var units = (double)_series * times * _results.Length;
        return (kernel / units, floor / units);
    }

    public void Add(int round) => _together += Sum(_books.Series.StakesIn(round));

    public void Give(int round) => _together += _books.Regime.Give(_books, _books.Series, round, _results[round]).Value;

    /// <summary>The least that BigInteger can do: arrays, no objects around them.</summary>
    public double BigIntegerNanoseconds()
    {
        var stakes = Enumerable.Range(0, _results.Length).Select(round => _books.Series.StakesIn(round).ToArray().Select(stake => (BigInteger)stake).ToArray()).ToArray();
        var (payouts, wholes) = (_books.OpenRounds.Select(round => Season.PayoutOf(round, false).Wei).ToArray(), _books.OpenRounds.Select(round => round.Stake.Wei).ToArray());
        var values = new BigInteger[_series];
        var nanoseconds = double.MaxValue;
        for (var run = 0; run < 20; run++)
        {
            for (var round = 0; round < stakes.Length; round++)
            {
                var watch = Stopwatch.StartNew();
                for (var slot = 0; slot < _series; slot++)
                {
                    var quotient = BigInteger.DivRem(payouts[round] * stakes[round][slot], wholes[round], out var remainder);
                    values[slot] += remainder.Sign < 0 ? quotient - 1 : quotient;
                }

                nanoseconds = Math.Min(nanoseconds, watch.Elapsed.TotalNanoseconds / _series);
            }
        }

        return nanoseconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Int128 Sum(ReadOnlySpan<Int128> stakes)
    {
        Int128 sum = 0;
        foreach (var stake in stakes) sum += stake;
        return sum;
    }
}
