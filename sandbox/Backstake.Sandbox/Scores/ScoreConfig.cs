using System.Numerics;

namespace Backstake.Sandbox.Scores;

/// <summary>One line of `roundScoreConfigs`: which score is paid, and how often it counts.</summary>
/// <param name="Name">Assumption: the name within Numerai's configuration; clients show <paramref name="DisplayName"/>.</param>
public sealed record ScoreConfig(string Name, string DisplayName, bool IsPayout, ExactDecimal DefaultMultiplier)
{
    public static readonly ExactDecimal ClipThreshold = ExactDecimal.One;

    public static readonly ExactDecimal PayoutFactor = ExactDecimal.One;

    /// <summary>0.5·CORR20 + 2·MMC20: the multipliers of the years that the real scores come from.</summary>
    public static readonly IReadOnlyList<ScoreConfig> Classic =
    [
        new("corr20", "CORR20", IsPayout: true, new ExactDecimal(5, 1)),
        new("mmc20", "MMC20", IsPayout: true, new ExactDecimal(2, 0)),
    ];

    /// <summary>return = clip(payoutFactor · Σ scoreᵢ·multiplierᵢ, −1, +1) (NUMERAI.md, Staking: per round).</summary>
    public static ExactDecimal Return(IEnumerable<(ExactDecimal Score, ExactDecimal Multiplier)> scores) =>
        (PayoutFactor * scores.Aggregate(default(ExactDecimal), (sum, s) => sum + (s.Score * s.Multiplier))).Clip(-ClipThreshold, ClipThreshold);
}

/// <summary>What a position gets on top of its stake: at most one of the two is not zero. In wei.</summary>
public readonly record struct Payout(BigInteger PayoutWei, BigInteger BurnWei)
{
    /// <summary>⌊stake · return⌋, toward −∞: so a burn is rounded up. −1 ≤ return, hence burn ≤ stake.</summary>
    public static Payout Of(BigInteger stakeWei, ExactDecimal roundReturn)
    {
        var resultWei = roundReturn.MultiplyFloor(stakeWei);
        return resultWei.Sign >= 0 ? new Payout(resultWei, BigInteger.Zero) : new Payout(BigInteger.Zero, -resultWei);
    }
}
