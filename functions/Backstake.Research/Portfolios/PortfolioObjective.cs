namespace Backstake.Research;

/// <summary>What a portfolio is for. Aversion and the most per model say what is wanted; everything else is chosen inside the known rounds (<see cref="SettingChoice"/>).</summary>
/// <param name="Aversion">How much CVaR counts against the expected return, 0 … 1.</param>
/// <param name="MaxPerModel">The most one model may weigh, unless told otherwise.</param>
/// <param name="Settings">The ways to get there that are tried.</param>
public sealed record PortfolioObjective(string Name, double Aversion, double MaxPerModel, IReadOnlyList<PortfolioSetting> Settings)
{
    public static readonly PortfolioObjective Growth = new("growth", 0.2, 0.5, [PortfolioSetting.Fund, .. PortfolioSetting.Optimised]);
    public static readonly PortfolioObjective Balanced = new("balanced", 0.7, 0.34, [PortfolioSetting.Fund, .. PortfolioSetting.Optimised]);
    public static readonly PortfolioObjective Cvar = new("cvar", 1, 0.34, [PortfolioSetting.InverseVolatility, PortfolioSetting.Fund, .. PortfolioSetting.Optimised]);

    public static IReadOnlyList<PortfolioObjective> All { get; } = [Growth, Balanced, Cvar];

    /// <summary>How good a series of returns is for this objective, a round; higher is better.</summary>
    public double Score(ReadOnlySpan<double> returns)
    {
        var mean = 0.0;
        foreach (var x in returns) mean += x / returns.Length;
        return ((1 - Aversion) * mean) + (Aversion * Risk.Cvar(returns));
    }
}
