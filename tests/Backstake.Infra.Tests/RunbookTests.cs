using System.Globalization;
using System.Text.RegularExpressions;

namespace Backstake.Infra.Tests;

/// <summary>
/// The runbook's sums are right: operations times price, and their total. The operations themselves are held to a counted season by the simulator's tests, links
/// and sections by the rules, command lines by the restored season, which runs them all.
/// </summary>
public sealed partial class RunbookTests
{
    [Fact]
    public void CostTable_AddsUp()
    {
        var runbook = Deployment.OfCheckout["docs/runbook.md"];
        var table = runbook[runbook.IndexOf("# What it costs", StringComparison.Ordinal)..];
        var rows = RowForm().Matches(table).Select(row => (
            Of: row.Groups["what"].Value,
            Cost: Number(row, "operations") * (row.Groups["times"].Success ? Number(row, "times") : 1) * Number(row, "price") / 10_000,
            Said: Number(row, "amount"))).ToList();
        Assert.Equal(10, rows.Count);
        Assert.All(rows, row => Assert.Equal(row.Cost, row.Said, 7));
        Assert.InRange(rows.Sum(row => row.Cost), 0.00105m, 0.00114m); // "$0.0011"
        Assert.Contains("| **storage and computing** | | | **$0.0011** |", table, StringComparison.Ordinal);
        Assert.Equal(0.0092m, 10_000 * (0.40m / 1_000_000 + 2 * 0.010m * 0.000026m)); // an execution and its memory
        Assert.Equal(2_016, 7 * 24 * 60 / 5);
        Assert.Equal(336, 7 * 24 * 60 / 30);
        Assert.All(new[] { "watchSchedule", "sweepSchedule", "measureSchedule" }, schedule => Assert.Matches($"param {schedule} string = '[0-9]+ \\*/5 ", Deployment.OfCheckout.Main));
        Assert.Contains($"{Deployment.OfCheckout.Alerts.Count} alert rules", table, StringComparison.Ordinal);
    }

    static decimal Number(Match row, string group) => decimal.Parse(row.Groups[group].Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (?<what>[^|]+) \| (?<operations>[0-9,]+) \| ((?<times>[0-9,]+) times )?\$(?<price>[0-9.]+)[^|]* \| \$(?<amount>[0-9.]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex RowForm();
}
