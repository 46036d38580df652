using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary><c>backstake quote</c> as it is run. What its numbers are worth, the books' own tests say.</summary>
public sealed class QuoteTests : IDisposable
{
    private const string Anna = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    /// <summary>Half the profit at the end, half a loss covered in full by the reserve; two units are in, three more would fit, and two rounds are open.</summary>
    private const string History = """
        {"schema":"backstake-replay/1","vault":{"id":"v1","staking":"perRound","concurrentRounds":4},
         "terms":{"T1":{"unitSize":"100","profitShareBps":5000,"lossShareBps":5000,"crystallisation":"atEnd","compoundingWeeks":12,"lockupWeeks":4}},
         "events":[{"type":"houseDeposit","amount":"100"},{"type":"reserveDeposit","amount":"250"},
          {"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":2},
          {"type":"settle","week":1},{"type":"settle","week":2},{"type":"settle","week":3},{"type":"close","round":843},{"type":"settle","week":4},{"type":"close","round":844}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Deposit_IsQuotedForPeople()
    {
        var run = Run(History, "--units", "3", "--first-cut", "2026-11-01T15:00:00Z");

        Assert.Equal((0, ""), (run.Status, run.Error));
        var rows = run.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length == 9 && cells[1] == "%").Select(cells => string.Join(' ', cells)).ToArray();
        Assert.Equal("+40 % 120 360 60 60 0 0 60", rows[0]);
        Assert.Equal("−20 % -60 270 -30 0 0 30 -30", rows[1]);
        Assert.Equal(23, rows.Length);
        Assert.Contains("150 NMR are locked for these units; no more units of these terms would fit.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Accepted by the settlement of week 5 (cut 2026-11-29 15:00 UTC)", run.Output, StringComparison.Ordinal);
        Assert.Contains("Earliest exit: week 9 (cut 2026-12-27 15:00 UTC), asked for before; its last money about week 10 (cut 2027-01-03 15:00 UTC).", run.Output, StringComparison.Ordinal);
        Assert.Contains("Worst case: A round can burn 100 % of what is staked in it", run.Output, StringComparison.Ordinal);
        Assert.Contains("Gas, as the contract's tests measured it: deposit ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Deposit_IsQuotedForPrograms()
    {
        var quote = JsonNode.Parse(Run(History, "--units", "3", "--json").Output)!;

        Assert.Equal(("v1", 4, 844, "deposit"), ((string)quote["vault"]!, (int)quote["asOf"]!["week"]!, (int)quote["asOf"]!["round"]!, (string)quote["kind"]!));
        Assert.Equal(["360", "270"], quote["headline"]!.AsArray().Select(one => (string)one!["paid"]!));
        Assert.Equal(21, quote["table"]!.AsArray().Count);
        Assert.Null(quote["dates"]!["accepted"]!["cut"]);
    }

    [Fact]
    public void Exit_IsQuotedWeekByWeek()
    {
        var run = Run(History, "--exit", "1", "--backer", Anna, "--units", "2");

        Assert.Equal((0, ""), (run.Status, run.Error));
        var rows = run.Output.Split('\n').Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 6).Select(cells => string.Join(' ', cells)).ToArray();
        // A quarter of each unit, 50 NMR in all, lies in each of two rounds: that of week 4 is back in week 5, that of week 5 in week 6. Of a profit half is the owner's, of a loss the reserve gives
        // half in the end.
        Assert.Equal(["5 150 160 140 100 50", "6 50 60 50 50 0"], rows[1..]);
    }

    [Theory] // what is asked for, exit status, what the error says
    [InlineData("--units 4", 3, "reserveInsufficient: The reserve covers 3 units, you asked for 4.")]
    [InlineData("--terms T9", 3, "unknownTerms: The vault offers T1.")]
    [InlineData("--units 3 --exit 1 --backer 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3, "notEnoughUnits: 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa holds 2 units; you asked for 3.")]
    [InlineData("--units 0", 1, "--units: from 1 to 1000000.")]
    [InlineData("--units 200000", 1, "--units: together beyond 11000000 NMR.")]
    [InlineData("--exit 1", 1, "--exit and --backer go together.")]
    [InlineData("--first-cut soon", 1, "'soon' is no time")]
    [InlineData("--replay --scores nowhere --model A", 1, "nowhere")]
    public void WhatCannotBeQuoted_SaysWhy(string arguments, int status, string why)
    {
        var run = Run(History, arguments.Split(' '));

        Assert.Equal(status, run.Status);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        if (status == 3) Assert.Equal("", run.Output);
    }

    [Fact]
    public void RefusedQuote_GivesProgramsTheNumbers()
    {
        var run = Run(History, "--units", "4", "--json");

        Assert.Equal(3, run.Status);
        Assert.Equal("""{"unitsAsked":4,"unitsCovered":3,"reserveUnlocked":"150","reserveOfUnit":"50","missing":"50"}""", JsonNode.Parse(run.Output)!["numbers"]!.ToJsonString());
    }

    [Fact]
    public void MalformedHistory_IsNamedByItsPlace()
    {
        var run = Run(History.Replace("\"250\"", "250", StringComparison.Ordinal));

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains("events[1].amount: ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The vault's own rounds are too few; a model's scores are enough.</summary>
    [Fact]
    public void Replay_TakesTheVaultsRoundsOrAModels()
    {
        Assert.Contains("Too early to say: 0 rounds have a result, at least 30 are needed.", Run(History, "--replay").Output, StringComparison.Ordinal);

        // Every round returns 2 %, so each path gives the same.
        string[] scores = ["roundNumber,A", .. Enumerable.Range(1, 60).Select(round => $"{round},0.04")];
        File.WriteAllLines(Path.Combine(_folder, "numerai-corr20-by-round.csv"), scores);
        File.WriteAllLines(Path.Combine(_folder, "numerai-mmc20-by-round.csv"), scores.Select(line => line.Replace("0.04", "0", StringComparison.Ordinal)));
        var replay = JsonNode.Parse(Run(History, "--replay", "--scores", _folder, "--model", "A", "--json").Output)!["replay"]!;

        Assert.Equal((60, 60, 10_000), ((int)replay["roundsKnown"]!, (int)replay["roundsOfAPath"]!, (int)replay["paths"]!));
        Assert.Single(new[] { "p05", "p50", "p95" }.Select(percent => (string)replay["backer"]![percent]!).Distinct());
        Assert.True(decimal.Parse((string)replay["backer"]!["p50"]!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    private (int Status, string Output, string Error) Run(string history, params string[] arguments)
    {
        var file = Path.Combine(_folder, "history.json");
        File.WriteAllText(file, history);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "backstake.dll"), "quote", "--history", file, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
