using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// What a field of models is like: returns a round on the round's stake. The defaults are the moments of 0.5·CORR20 + 2·MMC20 of 23 real models over rounds 843–1137:
/// mean 0.0108; deviation of the models' means 0.0086, of which chance explains 0.0047 (17 rounds' worth of overlap), skill the rest; mean volatility 0.0214, its logarithm's deviation 0.32;
/// mean correlation of two models 0.17; skewness 0.1, kurtosis 3.0; 2 % of cells empty.
/// </summary>
public sealed record FieldMoments
{
    public double MeanSkill { get; init; } = 0.0108;
    public double SkillDeviation { get; init; } = 0.0071;
    public double Volatility { get; init; } = 0.0214;
    public double LogVolatilityDeviation { get; init; } = 0.32;
    public double Correlation { get; init; } = 0.17;
    public double EmptyShare { get; init; } = 0.02;
    public RoundOverlap Overlap { get; init; } = RoundOverlap.Measured;

    /// <summary>Models come in so many families (same data, same targets) that share <see cref="FamilyShare"/> of what they don't share with the market; 0: none.</summary>
    public int Families { get; init; }

    public double FamilyShare { get; init; }

    /// <summary>The part of the models that have no record before some round of the second half or earlier: on a leaderboard most are young.</summary>
    public double YoungShare { get; init; }
}

/// <summary>A field whose skill is known, because it was made: each model's return is its skill plus its volatility times (√ρ·market + √(1−ρ)·own).</summary>
/// <param name="Past">What is seen.</param>
/// <param name="Future">What happens afterwards, complete, after a pause in which past rounds resolve.</param>
/// <param name="Skill">The expected return a round of each model.</param>
/// <param name="Volatility">The deviation of each model's returns in the long run.</param>
public sealed record SimulatedField(ReturnTable Past, ReturnTable Future, IReadOnlyList<double> Skill, IReadOnlyList<double> Volatility)
{
    /// <summary>Same seed, same field. A young model's record begins at a round drawn evenly, at least <see cref="MeanError.LeastRounds"/> plus a few before the end.</summary>
    public static SimulatedField Make(FieldMoments moments, int models, int past, int future, int seed)
    {
        const int Spare = 8; // empty cells may take a few of a young model's rounds
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var length = past + ReturnTable.ResolutionLag + future;
        var market = moments.Overlap.Noise(random, length);
        var families = Enumerable.Range(0, moments.Families).Select(_ => moments.Overlap.Noise(random, length)).ToArray();
        var (before, after, skill, volatilities) = (new double[models][], new double[models][], new double[models], new double[models]);
        for (var m = 0; m < models; m++)
        {
            skill[m] = Normal.Sample(random, moments.MeanSkill, moments.SkillDeviation);
            var volatility = moments.Volatility * Math.Exp(Normal.Sample(random, 0, moments.LogVolatilityDeviation) - (moments.LogVolatilityDeviation * moments.LogVolatilityDeviation / 2));
            volatilities[m] = volatility;
            var own = moments.Overlap.Noise(random, length);
            if (families.Length > 0)
            {
                var family = families[m % families.Length];
                for (var i = 0; i < length; i++) own[i] = (Math.Sqrt(moments.FamilyShare) * family[i]) + (Math.Sqrt(1 - moments.FamilyShare) * own[i]);
            }

            var begin = random.NextDouble() < moments.YoungShare ? random.Next(past - MeanError.LeastRounds - Spare) : 0;
            var series = new double[length];
            for (var i = 0; i < length; i++)
            {
                var isEmpty = i < begin || (i < past && random.NextDouble() < moments.EmptyShare);
                series[i] = isEmpty ? double.NaN : skill[m] + (volatility * ((Math.Sqrt(moments.Correlation) * market[i]) + (Math.Sqrt(1 - moments.Correlation) * own[i])));
            }

            (before[m], after[m]) = (series[..past], series[^future..]);
        }

        string[] names = [.. Enumerable.Range(1, models).Select(m => $"MODEL_{m:000}")];
        return new SimulatedField(
            new ReturnTable([.. Enumerable.Range(1, past)], names, before),
            new ReturnTable([.. Enumerable.Range(past + ReturnTable.ResolutionLag + 1, future)], names, after),
            skill, volatilities);
    }
}
