using System.Numerics;

namespace Backstake.Sandbox.Scores;

/// <summary>
/// Scores from a seed, where the real ones are absent. Their moments are those of 23 real models over rounds 843–1137, measured on the public files of CORR20 and MMC20:
/// <code>
///                                     CORR20      MMC20
/// mean of the models' means           0.0196      0.0005
/// deviation of the models' means      0.0043      0.0035
/// mean deviation over time            0.0171      0.0080
/// autocorrelation, lag 1              0.870       0.788
///                  lag 5              0.649       0.536
///                  lag 10             0.422       0.285
///                  lag 20             0.119       0.007
/// mean correlation of two models      0.697       0.078
/// CORR20 with MMC20 of a model              0.41
/// cells empty                               2.1 %
/// skewness, kurtosis                  0.11, 2.96  0.08, 3.05
/// </code>
/// Each series is mean + deviation·(√ρ·market + √(1−ρ)·own), both normal: a moving sum over about the 20 days that rounds share, plus a part without memory. The autocorrelation
/// then falls almost linearly over 20 rounds, as overlapping rounds make it. MMC20's own part leans on CORR20's.
/// </summary>
public static class MadeScores
{
    public const int FirstRound = 843;
    public const int LastRound = 1137;
    public const int ModelCount = 23;

    private const double EmptyShare = 0.021;
    private const int Decimals = 8;

    private static readonly Moments Corr = new(0.0196, 0.0043, 0.0171, Correlation: 0.697, Memory: 0.92, OverlapRounds: 25);
    private static readonly Moments Mmc = new(0.0005, 0.0035, 0.0080, Correlation: 0.078, Memory: 0.83, OverlapRounds: 20);

    // √(1−ρ)·√(1−ρ') of the two own parts lets 0.53 of the movement be shared; 0.78 of that gives 0.41 between a model's CORR20 and MMC20.
    private const double OwnLean = 0.78;

    /// <summary>Same seed, same scores. Models are named MODEL_01 … .</summary>
    public static SandboxScores Make(long seed, int models = ModelCount, int firstRound = FirstRound, int lastRound = LastRound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastRound, firstRound);
        var draw = new Draw(seed);
        var rounds = lastRound - firstRound + 1;
        var names = Enumerable.Range(1, models).Select(i => $"MODEL_{i:00}").ToArray();
        var corrMarket = draw.Series(rounds, Corr);
        var mmcMarket = draw.Series(rounds, Mmc);
        var corr = NewTable(firstRound, rounds, models);
        var mmc = NewTable(firstRound, rounds, models);
        for (var model = 0; model < models; model++)
        {
            var corrOwn = draw.Series(rounds, Corr);
            var mmcFree = draw.Series(rounds, Mmc);
            var (corrMean, mmcMean) = (Corr.Mean + (Corr.MeanDeviation * draw.Normal()), Mmc.Mean + (Mmc.MeanDeviation * draw.Normal()));
            for (var i = 0; i < rounds; i++)
            {
                if (draw.Uniform() < EmptyShare)
                {
                    continue;
                }
                var mmcOwn = (OwnLean * corrOwn[i]) + (Math.Sqrt(1 - (OwnLean * OwnLean)) * mmcFree[i]);
                corr[firstRound + i][model] = Round(Corr.At(corrMean, corrMarket[i], corrOwn[i]));
                mmc[firstRound + i][model] = Round(Mmc.At(mmcMean, mmcMarket[i], mmcOwn));
            }
        }
        return new SandboxScores(new ScoreTable(names, corr), new ScoreTable(names, mmc), $"scores made from seed {seed}, not real ones");
    }

    private static Dictionary<int, ExactDecimal?[]> NewTable(int firstRound, int rounds, int models) =>
        Enumerable.Range(firstRound, rounds).ToDictionary(r => r, _ => new ExactDecimal?[models]);

    /// <summary>A made score has eight decimals from here on and is exact; what it was before is only chance.</summary>
    private static ExactDecimal Round(double value) => new(new BigInteger(Math.Round(value * Math.Pow(10, Decimals))), Decimals);

    private sealed record Moments(double Mean, double MeanDeviation, double Deviation, double Correlation, double Memory, int OverlapRounds)
    {
        public double At(double mean, double market, double own) => mean + (Deviation * ((Math.Sqrt(Correlation) * market) + (Math.Sqrt(1 - Correlation) * own)));
    }

    /// <summary>Numbers from a seed by our own generator (splitmix64), so that no library's change alters them.</summary>
    private sealed class Draw(long seed)
    {
        private ulong state = unchecked((ulong)seed);

        public double Uniform()
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

        /// <summary>A standard normal series: share Memory of its variance is a moving sum over the overlap, the rest has no memory.</summary>
        public double[] Series(int length, Moments moments)
        {
            var shocks = Enumerable.Range(0, length + moments.OverlapRounds - 1).Select(_ => Normal()).ToArray();
            var series = new double[length];
            for (var i = 0; i < length; i++)
            {
                var shared = shocks[i..(i + moments.OverlapRounds)].Sum() / Math.Sqrt(moments.OverlapRounds);
                series[i] = (Math.Sqrt(moments.Memory) * shared) + (Math.Sqrt(1 - moments.Memory) * Normal());
            }
            return series;
        }
    }
}
