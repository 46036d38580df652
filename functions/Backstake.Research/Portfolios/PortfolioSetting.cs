namespace Backstake.Research;

/// <summary>One way to make a portfolio from what is known. Which of an objective's ways is used is chosen inside the known rounds (<see cref="SettingChoice"/>), not by hand.</summary>
/// <param name="Name">As the command prints it.</param>
/// <param name="Kind">What it is made by.</param>
/// <param name="Trust">Optimised only: how much of the differences between shrunk values is believed, 0 … 1; what isn't is taken as the mean of all.</param>
/// <param name="AsTheyWere">Optimised only: the part of the scenarios in which models move together as they did; in the rest what each does beside the field is drawn for itself.</param>
public sealed record PortfolioSetting(string Name, PortfolioSettingKind Kind, double Trust = 1, double AsTheyWere = 1)
{
    public static readonly PortfolioSetting Fund = new("fund", PortfolioSettingKind.Fund);
    public static readonly PortfolioSetting InverseVolatility = new("inverse volatility", PortfolioSettingKind.InverseVolatility);

    /// <summary>Two strengths of shrinkage for the returns, two for what models do together.</summary>
    public static readonly IReadOnlyList<PortfolioSetting> Optimised =
    [
        .. from trust in new[] { 0.5, 1 } from asTheyWere in new[] { 0.5, 1 }
           select new PortfolioSetting($"optimised on {Told(trust)} the skill, {Told(asTheyWere)} the correlations", PortfolioSettingKind.Optimised, trust, asTheyWere),
    ];

    private static string Told(double part) => part < 1 ? "half" : "all";
}

public enum PortfolioSettingKind
{
    /// <summary>The best by shrunk value in equal parts.</summary>
    Fund,

    /// <summary>All candidates, by the inverse of their volatility.</summary>
    InverseVolatility,

    /// <summary>The objective's optimum over scenarios.</summary>
    Optimised,
}
