using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// Where the volatility and the CVaR of a model may lie, given those of n overlapping rounds. A record sees only a part of both: rounds that share their days differ less among themselves than over the years.
/// deviation/volatility and (CVaR − its expectation)/deviation depend, for one shape of distribution and overlap, on n alone; their 5 % and 95 % points were simulated for normal returns under
/// <see cref="RoundOverlap.Measured"/> (the real ones have skewness 0.1 and kurtosis 3.0).
/// </summary>
public static class RiskError
{
    /// <summary>CVaR 95 % of a standard normal return: −φ(1.645)/0.05.</summary>
    public const double NormalCvar = -2.0627128;

    // Made by Simulate with seed 9 and 40,000 draws (20,000 from 500 rounds on); RiskErrorTest makes some of them again.
    private static readonly RiskPoints[] Table =
    [
        new(30, 0.460, 1.133, -0.673, 3.355),
        new(40, 0.506, 1.190, -0.577, 2.871),
        new(60, 0.571, 1.226, -0.586, 2.195),
        new(80, 0.618, 1.231, -0.586, 1.821),
        new(100, 0.654, 1.226, -0.572, 1.574),
        new(150, 0.710, 1.211, -0.571, 1.207),
        new(200, 0.747, 1.194, -0.518, 1.022),
        new(300, 0.793, 1.164, -0.471, 0.807),
        new(500, 0.840, 1.135, -0.398, 0.603),
        new(1000, 0.889, 1.100, -0.303, 0.409),
    ];

    /// <summary>The 90 % interval of the volatility, from the deviation seen in so many rounds; it reaches to what was seen.</summary>
    public static (double Lower, double Upper) OfVolatility(double deviation, int rounds)
    {
        var at = At(rounds);
        return (Math.Min(deviation, deviation / at.DeviationHigh), Math.Max(deviation, deviation / at.DeviationLow));
    }

    /// <summary>The 90 % interval of CVaR 95 %, from the CVaR and the deviation seen in so many rounds; it reaches to what was seen.</summary>
    public static (double Lower, double Upper) OfCvar(double cvar, double deviation, int rounds)
    {
        var at = At(rounds);
        return (Math.Min(cvar, cvar - (at.CvarHigh * deviation)), Math.Max(cvar, cvar - (at.CvarLow * deviation)));
    }

    /// <summary>Between the table's lines linear in 1/n.</summary>
    public static RiskPoints At(int rounds)
    {
        if (rounds <= Table[0].Rounds) return Table[0];
        for (var i = 1; i < Table.Length; i++)
        {
            var (low, high) = (Table[i - 1], Table[i]);
            if (rounds > high.Rounds) continue;
            var part = ((1.0 / low.Rounds) - (1.0 / rounds)) / ((1.0 / low.Rounds) - (1.0 / high.Rounds));
            double Between(Func<RiskPoints, double> point) => point(low) + (part * (point(high) - point(low)));
            return new RiskPoints(rounds, Between(p => p.DeviationLow), Between(p => p.DeviationHigh), Between(p => p.CvarLow), Between(p => p.CvarHigh));
        }

        return Table[^1];
    }

    /// <summary>A line of the table.</summary>
    public static RiskPoints Simulate(int rounds, int draws, int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var (deviations, cvars) = (new double[draws], new double[draws]);
        for (var i = 0; i < draws; i++)
        {
            var series = RoundOverlap.Measured.Noise(random, rounds);
            deviations[i] = Risk.Volatility(series);
            cvars[i] = (Risk.Cvar(series) - NormalCvar) / deviations[i];
        }

        Array.Sort(deviations);
        Array.Sort(cvars);
        var (low, high) = ((int)(0.05 * draws), (int)(0.95 * draws));
        return new RiskPoints(rounds, deviations[low], deviations[high], cvars[low], cvars[high]);
    }
}

/// <summary>5 % and 95 % points for so many rounds, where the volatility is 1.</summary>
/// <param name="DeviationLow">Of the deviation seen.</param>
/// <param name="CvarLow">Of the CVaR seen minus the expected one, in deviations seen.</param>
public sealed record RiskPoints(int Rounds, double DeviationLow, double DeviationHigh, double CvarLow, double CvarHigh);
