using System.Numerics;
using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// The stationary bootstrap (Politis and Romano 1994): a path is put together from blocks of the original that begin anywhere, go on around its end, and have geometric lengths.
/// What follows what inside a block stays as it was, so overlapping rounds keep their dependence. Same seed, same paths.
/// </summary>
public sealed class StationaryBootstrap
{
    private readonly int length;
    private readonly double logStay; // ln(1 − 1/meanBlock): the length of a block is drawn by inversion
    private readonly Xoshiro256StarStar random;

    /// <param name="length">Of the original and of every path, ≥ 1.</param>
    /// <param name="meanBlock">Mean length of a block, ≥ 1; 1 draws independently.</param>
    public StationaryBootstrap(int length, double meanBlock, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        this.length = length;
        logStay = Math.Log(1 - (1 / meanBlock));
        random = new Xoshiro256StarStar(seed, threadSafe: false);
    }

    /// <summary>The next path: which element of the original stands at each place.</summary>
    public void NextPath(Span<int> path)
    {
        for (var at = 0; at < path.Length;)
        {
            var (start, block) = NextBlock(path.Length - at);
            for (var i = 0; i < block; i++)
            {
                path[at++] = start;
                if (++start == length) start = 0;
            }
        }
    }

    public int[] NextPath()
    {
        var path = new int[length];
        NextPath(path);
        return path;
    }

    /// <summary>The means of so many paths. From running sums: the time a path takes does not grow with the length of its blocks.</summary>
    public double[] Means(ReadOnlySpan<double> original, int paths)
    {
        if (original.Length != length) throw new ArgumentException("Another length than the bootstrap's.", nameof(original));
        var sums = new double[length + 1];
        for (var i = 0; i < length; i++) sums[i + 1] = sums[i] + original[i];
        var means = new double[paths];
        for (var p = 0; p < paths; p++)
        {
            var sum = 0.0;
            for (var at = 0; at < length;)
            {
                var (start, block) = NextBlock(length - at);
                var end = start + block;
                sum += end <= length ? sums[end] - sums[start] : sums[length] - sums[start] + sums[end - length];
                at += block;
            }

            means[p] = sum / length;
        }

        return means;
    }

    /// <summary>
    /// The variance of the mean over infinitely many paths, without drawing any: Σ over lags k of (1 − k/n)(1−p)^k + (k/n)(1−p)^(n−k), times the circular-free autocovariance
    /// (Politis and Romano 1994, lemma 1), p = 1/meanBlock.
    /// </summary>
    public static double VarianceOfMean(ReadOnlySpan<double> original, double meanBlock)
    {
        var n = original.Length;
        if (n == 0) throw new ArgumentException("Nothing has no mean.", nameof(original));
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        var mean = 0.0;
        foreach (var x in original) mean += x / n;
        var centred = new double[n];
        for (var i = 0; i < n; i++) centred[i] = original[i] - mean;
        var powers = new double[n + 1]; // (1−p)^k
        powers[0] = 1;
        for (var k = 1; k <= n; k++) powers[k] = powers[k - 1] * (1 - (1 / meanBlock));
        var sum = Covariance(centred, 0);
        for (var k = 1; k < n; k++)
        {
            var weight = ((1 - ((double)k / n)) * powers[k]) + ((double)k / n * powers[n - k]);
            sum += 2 * weight * Covariance(centred, k);
        }

        return Math.Max(0, sum / n);
    }

    /// <summary>(1/n)Σ x_i·x_(i+lag), without going around the end.</summary>
    private static double Covariance(ReadOnlySpan<double> centred, int lag)
    {
        var early = centred[..^lag];
        var late = centred[lag..];
        var (sums, i) = (Vector<double>.Zero, 0);
        for (; i <= early.Length - Vector<double>.Count; i += Vector<double>.Count) sums += new Vector<double>(early[i..]) * new Vector<double>(late[i..]);
        var sum = Vector.Sum(sums);
        for (; i < early.Length; i++) sum += early[i] * late[i];
        return sum / centred.Length;
    }

    private (int Start, int Length) NextBlock(int most)
    {
        var start = random.Next(length);
        // Blocks longer than the path end with it; the bound also keeps the cast in range.
        var block = double.IsNegativeInfinity(logStay) ? 1 : 1 + (int)Math.Min(Math.Log(1 - random.NextDouble()) / logStay, most - 1);
        return (start, Math.Min(block, Math.Min(most, length)));
    }
}
