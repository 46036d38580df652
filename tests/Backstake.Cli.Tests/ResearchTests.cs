using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary>The research commands on a made field of eight models and 150 rounds.</summary>
public sealed class ResearchTests : IDisposable
{
    private const string Corr = "numerai-corr20-by-round.csv";
    private const string Mmc = "numerai-mmc20-by-round.csv";

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public ResearchTests()
    {
        Write(Corr, (model, round) => 0.02 + (0.003 * model) + (0.02 * Math.Sin((round + (model * 9)) / 7.0)));
        Write(Mmc, (model, round) => 0.001 + (0.005 * Math.Cos((round * (model + 1)) / 11.0)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("growth")]
    [InlineData("balanced")]
    [InlineData("cvar")]
    public void Recommend_GivesWeightsThatSumToOne_WithReasons(string objective)
    {
        var json = Json("portfolio", "recommend", "--until", "950", "--objective", objective, "--max-per-model", "0.4", "--json");
        Assert.Equal(950, (int)json["until"]!);
        var weights = json["weights"]!.AsObject();
        Assert.Equal(1, weights.Sum(w => (double)w.Value!), 9);
        Assert.All(weights, w => Assert.InRange((double)w.Value!, 0, 0.4001));
        Assert.Equal(weights.Select(w => w.Key), json["why"]!.AsObject().Select(w => w.Key));
        Assert.Equal(["M7"], json["tooEarlyToSay"]!.AsArray().Select(m => (string)m!));
        Assert.Equal("blend", (string)json["setting"]!["setting"]!);   // rounds 843–926 leave 30 to choose on
        Assert.Contains("Setting: the blend of all", Run("portfolio", "recommend", "--until", "950", "--objective", objective).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommend_UsesNothingThatWasNotResolved()
    {
        var before = Run("portfolio", "recommend", "--until", "950", "--json").Output;
        Write(Corr, (model, round) => round <= 926 ? 0.02 + (0.003 * model) + (0.02 * Math.Sin((round + (model * 9)) / 7.0)) : -0.5 + (0.1 * model));
        Assert.Equal(before, Run("portfolio", "recommend", "--until", "950", "--json").Output);
    }

    [Fact]
    public void Evaluate_ShowsTheYardsticksBeside()
    {
        var json = Json("portfolio", "evaluate", "--first", "930", "--last", "990", "--json");
        Assert.Equal(["growth", "balanced", "cvar", "equal weight", "best so far", "top 5 so far", "inverse volatility"], json["strategies"]!.AsArray().Select(s => (string)s!["name"]!));
        Assert.Equal(12, json["differences"]!.AsArray().Count);
        Assert.All(["growth", "balanced", "cvar"], objective => Assert.Equal(4, json["settings"]![objective]!.AsArray().Count));   // refits at rounds 930, 950, 970, 990
    }

    [Fact]
    public void Track_GivesFiguresWithIntervals_AndPictures()
    {
        var json = Json("track", "M1", "M7", "--paths", "200", "--svg", Path.Combine(_folder, "pictures"), "--json");
        var (known, early) = (json["models"]![0]!, json["models"]![1]!);
        Assert.Equal(150, (int)known["mean"]!["rounds"]!);
        Assert.True((double)known["mean"]!["lower"]! < (double)known["mean"]!["value"]!);
        Assert.Null(known["annual"]);
        Assert.Null(early["mean"]);
        Assert.Equal("svg", XDocument.Load(Path.Combine(_folder, "pictures", "M1.svg")).Root!.Name.LocalName);
        Assert.False(File.Exists(Path.Combine(_folder, "pictures", "M7.svg")));
        Assert.Contains("M7: too early to say (20 resolved rounds", Run("track", "M7").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Track_IsNetOfTerms()
    {
        var terms = Path.Combine(_folder, "terms.json");
        File.WriteAllText(terms, """{ "unitSize": "100", "profitShareBps": 5000, "crystallisation": "weekly", "compoundingWeeks": 52 }""");
        var (gross, net) = (Json("track", "M4", "--paths", "100", "--json"), Json("track", "M4", "--paths", "100", "--terms", terms, "--json"));
        Assert.InRange((double)net["models"]![0]!["mean"]!["value"]! / (double)gross["models"]![0]!["mean"]!["value"]!, 0.4, 0.6);
        File.WriteAllText(terms, "{}");
        Assert.Contains("terms", OneError("track", "M4", "--terms", terms), StringComparison.Ordinal);
    }

    [Fact]
    public void Stakes_WeighTheAllTimeReturn_AndTheRules()
    {
        var byRound = Path.Combine(_folder, "stakes.csv");
        File.WriteAllText(byRound, "roundNumber,M1\n843,10\n");   // all of it on the first round
        var record = Json("track", "M1", "--paths", "100", "--stakes", byRound, "--json")["models"]![0]!;
        Assert.Equal((0.5 * (0.023 + (0.02 * Math.Sin(852 / 7.0)))) + (2 * (0.001 + (0.005 * Math.Cos(1686 / 11.0)))), (double)record["allTime"]!["value"]!, 9);
        File.WriteAllText(byRound, "roundNumber,X\n843,10\n");
        Assert.Contains("no scores of X", OneError("track", "--stakes", byRound), StringComparison.Ordinal);

        var byAccount = Path.Combine(_folder, "accounts.csv");
        File.WriteAllText(byAccount, "model,account,stake,record\nM1,a,30,100\nM2,b,10,100\n");
        Assert.Equal((0.75 * 0.75) + (0.25 * 0.25), (double)Json("simulate", "weights", "--stakes", byAccount, "--json")["rules"]![0]!["herfindahl"]!, 9);
        File.WriteAllText(byAccount, "model,account,stake,record\nM1,a,-30,100\n");
        Assert.Contains("line 2", OneError("simulate", "weights", "--stakes", byAccount), StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_WritesALogThatItReads()
    {
        var log = Path.Combine(_folder, "log.csv");
        Assert.Equal(0, Run("slots", "--seeds", "50", "--write", log).Status);
        Assert.Equal(8, Json("slots", "--read", log, "--json")["models"]!.AsArray().Count);
    }

    [Fact]
    public void Simulate_NeedsNoScores()
    {
        var rules = Json("simulate", "weights", "--accounts", "50", "--rounds", "60", "--json")["rules"]!.AsArray();
        Assert.Contains("50 accounts stake 500000 NMR", Run("simulate", "weights", "--accounts", "50", "--rounds", "60").Output, StringComparison.Ordinal);
        Assert.Equal(0, (double)rules.Single(r => (string)r!["rule"]! == "stake")!["sybilGain"]!, 9);
        Assert.True((double)rules.Single(r => (string)r!["rule"]! == "log stake")!["sybilGain"]! > 1);
    }

    [Fact]
    public void Skill_And_Benefit_Answer()
    {
        Assert.Contains("7 models were looked at", Run("skill").Output, StringComparison.Ordinal);
        Assert.Equal(["M7"], Json("skill", "--json")["tooEarlyToSay"]!.AsArray().Select(m => (string)m!));
        Assert.True((double)Json("benefit", "--stakes", "M0=10,M3=30", "--json")["breadth"]!["effectiveModels"]! >= 1);
    }

    [Fact]
    public void Benefit_ReadsStakesAsPeopleWriteThem_AndSaysWhatABackerAsks()
    {
        // M5 says what M1 says, the others don't; M1 is staked on from two accounts.
        double[] phases = [2.2, 1, 3.1, 4, 4.9, 1, 5.8, 6.7];
        Write(Corr, (model, round) => 0.03 + (0.02 * Math.Sin((round / 7.0) + phases[model])));
        Write(Mmc, (_, _) => 0.001);
        var stakes = Path.Combine(_folder, "stakes.csv");
        File.WriteAllText(stakes, "model,account,stake,record\r\nM1,a,30,100\r\nM1,b,30,100\r\nM2,b,40.5,100\r\n\r\n");
        var json = Json("benefit", "--stakes", stakes, "--add", "M5=10", "--json");
        Assert.Equal((Math.Pow(60, 2) + Math.Pow(40.5, 2)) / Math.Pow(100.5, 2), (double)json["breadth"]!["herfindahl"]!, 9);
        Assert.InRange((double)json["breadth"]!["effectiveModels"]!, 1, 2);
        var crowd = json["clusters"]!.AsArray()[0]!;
        Assert.Equal(["M1", "M5"], crowd["models"]!.AsArray().Select(m => (string)m!));
        Assert.Equal(60 / 100.5, (double)crowd["share"]!, 9);
        Assert.StartsWith("M5 is where others already are: 60 % of the stake is on M1, M5", (string)Assert.Single(json["warnings"]!.AsArray())!, StringComparison.Ordinal);
        var good = json["unstakedButGood"]!.AsArray().Select(m => (string)m!["model"]!).ToArray();
        Assert.NotEmpty(good);
        Assert.Empty(good.Intersect(["M1", "M2", "M5", "M7"]));

        var told = Run("benefit", "--stakes", stakes, "--add", "M5=10").Output;
        Assert.Contains("With the new stake they are as concentrated as", told, StringComparison.Ordinal);
        Assert.Contains("Warning: M5 is where others already are", told, StringComparison.Ordinal);
        Assert.Contains("Without stake but good, of 7 looked at", told, StringComparison.Ordinal);
        File.WriteAllText(stakes, "M1,60\nM2,40.5\n");   // the same without a header
        Assert.Equal((double)json["breadth"]!["herfindahl"]!, (double)Json("benefit", "--stakes", stakes, "--json")["breadth"]!["herfindahl"]!, 9);
    }

    [Theory]   // the file; its one error
    [InlineData("", "is empty")]
    [InlineData("model,weight\nM1,3\n", "line 1: the header names no column stake, amount or part")]
    [InlineData("model,stake\nM1,3\nM1,4\n", "line 3: M1 is there twice")]
    [InlineData("M1,\"1,200\"\n", "line 1: 'M1,\"1,200\"' is not MODEL,AMOUNT")]
    [InlineData("M1,3\n\nM2,NaN\n", "line 3: 'M2,NaN' is not")]
    [InlineData("model,account,stake\nM1,a\n", "line 2: 'M1,a' is not as the header says")]
    [InlineData("M1,-3\n", "The stake on M1 is no amount of NMR.")]
    [InlineData("NOBODY,3\n", "There are no scores of NOBODY.")]
    public void BadStakes_AreOneLine(string file, string error)
    {
        var path = Path.Combine(_folder, "stakes.csv");
        File.WriteAllText(path, file);
        Assert.Contains(error, OneError("benefit", "--stakes", path), StringComparison.Ordinal);
    }

    [Theory]   // the error that the arguments give
    [InlineData("There are no scores of NOBODY.", "track", "NOBODY")]
    [InlineData("Too early to say", "portfolio", "recommend", "--until", "880")]
    [InlineData("Holdings add up to 0.5, not to 1.", "portfolio", "recommend", "--until", "950", "--holdings", "M1=0.5")]
    [InlineData("'M1' is not MODEL=AMOUNT", "portfolio", "recommend", "--until", "950", "--holdings", "M1")]
    [InlineData("There are no scores of rounds 2000 to 2100.", "portfolio", "evaluate", "--first", "2000", "--last", "2100")]
    [InlineData("Nothing was resolved by round 800.", "skill", "--until", "800")]
    [InlineData("Nothing is staked.", "benefit", "--stakes", "M1=0")]
    [InlineData("'nowhere.csv' is not MODEL=AMOUNT, and there is no such file.", "benefit", "--stakes", "nowhere.csv")]
    public void WhatCantBeAnswered_IsOneLine(string error, params string[] arguments) => Assert.Contains(error, OneError(arguments), StringComparison.Ordinal);

    [Fact]
    public void BadScores_AreOneLine()
    {
        File.AppendAllText(Path.Combine(_folder, Corr), "992,0.1,0.1,0.1,0.1,0.1,0.1,0.1,Infinity\n");
        Assert.Contains("line 152, M7: 'Infinity' is not a finite number", OneError("skill"), StringComparison.Ordinal);
    }

    /// <summary>M7 began 20 rounds before the end.</summary>
    private void Write(string name, Func<int, int, double> score)
    {
        var text = new StringBuilder("roundNumber,M0,M1,M2,M3,M4,M5,M6,M7\n");
        for (var round = 843; round < 993; round++) text.Append(round).Append(',').AppendJoin(',', Enumerable.Range(0, 8).Select(m => m == 7 && round < 973 ? "" : score(m, round).ToString("R"))).Append('\n');
        File.WriteAllText(Path.Combine(_folder, name), text.ToString());
    }

    private JsonNode Json(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.Equal((0, ""), (run.Status, run.Error));
        return JsonNode.Parse(run.Output)!;
    }

    private string OneError(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.Equal((1, ""), (run.Status, run.Output));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        return run.Error;
    }

    private (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "backstake.dll"), .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
