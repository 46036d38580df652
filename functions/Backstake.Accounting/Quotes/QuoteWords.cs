namespace Backstake.Accounting;

/// <summary>What a quote says in sentences: the same wherever it is shown.</summary>
public static class QuoteWords
{
    /// <summary>The worst that can become of the units, with the numbers.</summary>
    public static string WorstCase(DepositQuote quote)
    {
        var worst = quote.Worst;
        return $"A round can burn {Percent(quote.Vault.MaxBurnBps.Value)} of what is staked in it, and every round can be a bad one. If all burns that can, {worst.Paid} of the {quote.Price} NMR come back"
            + (worst.Cover.IsPositive ? $", {worst.Cover} of them from the owner's reserve" : "") + $". Before the settlement of week {quote.EarliestExit} nobody can leave.";
    }

    public static string WorstCase(ExitQuote quote) =>
        $"{quote.AtRisk} NMR are still staked in open rounds. If all of it that can burn does, {quote.Worst.Paid} NMR come back" + (quote.Worst.Cover.IsPositive ? $", {quote.Worst.Cover} of them from the owner's reserve." : ".");

    /// <summary>What has to happen for the numbers to come true.</summary>
    public static IReadOnlyList<string> Assumptions(DepositQuote quote) =>
    [
        "Rounds that are open in the vault now bring nothing; whoever waits joins, whoever asked to leave leaves, and nothing else happens.",
        quote.Vault.Staking == Staking.PerRound
            ? $"{quote.Vault.ConcurrentRounds} rounds close in the units' first week, so that all of a unit is staked once, and each returns the same part of its stake."
            : "The stake brings this much over as many rounds as that takes, all closed in the units' first week, each within what a round may burn.",
        $"The units leave at the settlement of week {quote.EarliestExit}, the earliest that the terms allow.",
    ];

    public static IReadOnlyList<string> Assumptions(ExitQuote quote) =>
    [
        $"No further round closes before the settlement of week {quote.Exit}: each that does takes its part of the units along until it resolves.",
        "Every open round returns the same part of its stake, and nothing else happens.",
    ];

    /// <summary>+40 %, −20 %.</summary>
    public static string Signed(int bps) => bps > 0 ? "+" + Percent(bps) : Percent(bps);

    private static string Percent(int bps)
    {
        var (whole, rest) = Math.DivRem(Math.Abs(bps), 100);
        return $"{(bps < 0 ? "−" : "")}{whole}{(rest == 0 ? "" : $".{rest:d2}".TrimEnd('0'))} %";
    }
}
