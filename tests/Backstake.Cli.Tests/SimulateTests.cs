using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary><c>backstake simulate</c> as it is run, on scores whose outcome can be worked out by hand.</summary>
public sealed class SimulateTests : IDisposable
{
    /// <summary>Half the profit at the end, half a loss covered in full by the reserve.</summary>
    private const string Terms = """{"unitSize":"100","profitShareBps":5000,"lossShareBps":5000,"crystallisation":"atEnd","compoundingWeeks":12}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory] // CORR20 of every round (a stake gains half of it), what the unit's stake of one round gains, the backer's part of it
    [InlineData("0.04", 1_000_000_000_000_000_000, 500_000_000_000_000_000)]
    [InlineData("-0.04", -1_000_000_000_000_000_000, -500_000_000_000_000_000)]
    [InlineData("0", 0, 0)]
    public void OneRound_GivesWhatTheRulesSay(string corr, long result, long ofBacker)
    {
        // One unit of 100 NMR cut in two: 50 NMR staked in the one round, at ±2 %.
        Scores(_ => corr);
        var report = Json(Run("--model", "A", "--units", "1", "--rounds", "1", "--concurrent", "2", "--paths", "20", "--json"));

        Assert.All(["p05", "p50", "p95"], percent => Assert.Equal((Wei(ofBacker), Wei(result - ofBacker)), ((string)report["backer"]![percent]!, (string)report["owner"]![percent]!)));
    }

    [Fact]
    public void TheSeed_DecidesThePaths()
    {
        Scores(round => (round * 37 % 11) switch { 0 => "-0.09", < 5 => "0.03", _ => "-0.01" });
        var first = Run("--model", "A", "--paths", "200", "--seed", "7");

        Assert.Equal((0, ""), (first.Status, first.Error));
        Assert.Contains("200 paths of 60 rounds", first.Output, StringComparison.Ordinal);
        Assert.Equal(first.Output, Run("--model", "A", "--paths", "200", "--seed", "7").Output);
        Assert.NotEqual(first.Output, Run("--model", "A", "--paths", "200", "--seed", "8").Output);
    }

    [Fact]
    public void Outcomes_AreInOrder_AndAGapStakesNothing()
    {
        Scores(round => round % 9 == 0 ? "" : round % 2 == 0 ? "0.05" : "-0.04");
        var backer = Json(Run("--model", "A", "--paths", "300", "--json"))["backer"]!;
        var gains = new[] { "p05", "p50", "p95" }.Select(percent => decimal.Parse((string)backer[percent]!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Assert.True(gains[0] < gains[1] && gains[1] < gains[2], string.Join(' ', gains));
    }

    [Theory] // what is asked for, exit status, what the error names
    [InlineData("--model B", 1, "B")]
    [InlineData("--model A --reserve 1", 1, "reserve")]
    [InlineData("--model A --rounds 0", 1, "--rounds")]
    [InlineData("--model A --house -1", 1, "--house")]
    public void WhatCannotBeSimulated_SaysWhy(string arguments, int status, string named)
    {
        Scores(_ => "0.01");
        var run = Run(arguments.Split(' '));

        Assert.Equal(status, run.Status);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MalformedTerms_AreNamedByTheirPlace()
    {
        Scores(_ => "0.01");
        File.WriteAllText(Path.Combine(_folder, "terms.json"), Terms.Replace("profitShareBps\":5000", "profitShareBps\":50000", StringComparison.Ordinal));
        var run = Run("--model", "A");

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains("terms.T.profitShareBps: ", run.Error, StringComparison.Ordinal);
    }

    private static string Wei(long wei) => new Accounting.Nmr(wei).ToString();

    private static JsonNode Json((int Status, string Output, string Error) run)
    {
        Assert.Equal((0, ""), (run.Status, run.Error));
        return JsonNode.Parse(run.Output)!;
    }

    private void Scores(Func<int, string> corr)
    {
        var rounds = Enumerable.Range(100, 90).ToArray();
        File.WriteAllLines(Path.Combine(_folder, "numerai-corr20-by-round.csv"), ["roundNumber,A", .. rounds.Select(round => $"{round},{corr(round)}")]);
        File.WriteAllLines(Path.Combine(_folder, "numerai-mmc20-by-round.csv"), ["roundNumber,A", .. rounds.Select(round => $"{round},{(corr(round).Length == 0 ? "" : "0")}")]);
        File.WriteAllText(Path.Combine(_folder, "terms.json"), Terms);
    }

    private (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "backstake.dll"), "simulate", "--scores", _folder, "--terms", Path.Combine(_folder, "terms.json"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(command)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
