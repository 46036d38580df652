using System.Globalization;
using System.Text.RegularExpressions;

namespace Backstake.Infra.Tests;

/// <summary>The runbook's sums are right. Its links and sections are held by the rules, its command lines by the command's own tests.</summary>
public sealed partial class RunbookTests
{
    /// <summary>What an operation costs, dollars: the prices that the table names.</summary>
    static readonly (string Row, decimal Cost)[] Rows =
    [
        ("appends to the log", 11 * 0.00036m / 10_000),
        ("reading logs", 7 * 0.00036m / 10_000),
        ("queue messages", 14.4m * 0.004m / 10_000),
        ("books, stored and read", (0.05m + 0.004m) / 10_000),
        ("executions and their memory", 7 * 0.40m / 1_000_000 + 7 * 2 * 0.010m * 0.000026m), // 10 ms at 2 GB: what a step takes of an instance that does others' beside it
    ];

    [Fact]
    public void CostTable_AddsUp()
    {
        var runbook = Deployment.OfCheckout["docs/runbook.md"];
        var table = runbook[runbook.IndexOf("# What it costs", StringComparison.Ordinal)..];
        foreach (var (row, cost) in Rows)
        {
            var said = AmountForm().Match(table[table.IndexOf($"| {row}", StringComparison.Ordinal)..].Split('\n')[0]).Groups["amount"].Value;
            Assert.Equal(cost, decimal.Parse(said, CultureInfo.InvariantCulture), 7);
        }

        var total = Rows.Sum(it => it.Cost);
        Assert.InRange(total, 0.000015m, 0.0000249m); // "$0.00002"
        Assert.Contains("| **storage and computing** | | | **$0.00002** |", table, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$(?<amount>[0-9.]+) \|$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex AmountForm();
}
