namespace Backstake.Research;

/// <summary>
/// How scores become a round's return on its stake: clip(CORR20·<paramref name="Corr"/> + MMC20·<paramref name="Mmc"/>, ±<paramref name="Clip"/>), payout factor 1.
/// Multipliers are configuration of Numerai's rounds and change over time (NUMERAI.md, "Staking").
/// </summary>
public sealed record PayoutRule(double Corr, double Mmc, double Clip)
{
    /// <summary>0.5·CORR20 + 2·MMC20, as in rounds 843–1137; clipped at ±1, as stakes of a round are (NUMERAI.md, "Atomic").</summary>
    public static readonly PayoutRule Classic20 = new(0.5, 2, 1);

    /// <summary>NaN where a score is missing.</summary>
    public double Return(double corr, double mmc) => Math.Clamp((Corr * corr) + (Mmc * mmc), -Clip, Clip);
}
