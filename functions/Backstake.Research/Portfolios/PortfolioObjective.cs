namespace Backstake.Research;

/// <summary>What a portfolio is for. The settings were chosen on simulated fields with families of models and on rounds 898–942, before any round of 943–1137 was looked at (docs/research.md, "Portfolios").</summary>
/// <param name="Aversion">How much CVaR counts against the expected return, 0 … 1.</param>
/// <param name="MaxPerModel">The most one model may weigh, unless told otherwise.</param>
/// <param name="FundShare">The part that lies in the fund of the best by shrunk value, in equal parts; the rest is optimised. Half of it takes out much of the optimiser's estimation error.</param>
public sealed record PortfolioObjective(string Name, double Aversion, double MaxPerModel, double FundShare)
{
    public static readonly PortfolioObjective Growth = new("growth", 0.2, 0.5, 0);
    public static readonly PortfolioObjective Balanced = new("balanced", 0.7, 0.34, 0.5);
    public static readonly PortfolioObjective Cvar = new("cvar", 1, 0.34, 0.5);

    public static IReadOnlyList<PortfolioObjective> All { get; } = [Growth, Balanced, Cvar];
}
