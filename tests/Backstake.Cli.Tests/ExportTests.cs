using System.Text.Json.Nodes;
using Backstake.Cli.Verify.Tests;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary><c>backstake export</c> and <c>vaults</c> against an app whose list of vaults has several pages.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly string[] Vaults = [.. Enumerable.Range(1, 5).Select(i => $"0x{i:D40}")];
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryPagesVaults_AreExported()
    {
        using var app = new ServedApp(Answers());
        var run = CommandRun.Of("export", "--app", app.Url, "--out", _folder);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Equal(Vaults.Select(vault => $"{vault}: 1 events, 1 weeks."), run.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
        Assert.All(Vaults, vault => Assert.Equal(1, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, $"{vault}.books.json")))!["weeks"]![0]!["week"]!));
    }

    [Fact]
    public void OneThatCantBeHad_IsSaid_AndTheOthersAreExported()
    {
        var answers = Answers();
        answers.Remove($"/api/vaults/{Vaults[0]}/log");
        using var app = new ServedApp(answers);
        var run = CommandRun.Of("export", "--app", app.Url, "--out", _folder);
        Assert.Equal(1, run.Status);
        Assert.Contains($"{Vaults[0]}/log: 127.0.0.1 answers 404.", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(2 * (Vaults.Length - 1), Directory.GetFiles(_folder).Length);
    }

    /// <summary>FAULTS.md B-9: a disk that is full at any byte of any file leaves each vault's two files as they were, whole, and says so. A hundred places by BACKSTAKE_DEEP=1.</summary>
    [Fact]
    public void B_09_FullDisk_LeavesWholeFiles_AndIsSaid()
    {
        var (before, after) = (Answers(), Answers());
        foreach (var vault in Vaults)
        {
            after[$"/api/vaults/{vault}/log"] = after[$"/api/vaults/{vault}/log"].Replace("""{"type":"settle","week":1}""", """{"type":"reserveDeposit","amount":"1"},{"type":"settle","week":1}""", StringComparison.Ordinal);
            after[$"/api/vaults/{vault}/weeks/1"] = $$"""{"week":1,"text":"{{new string('x', 700)}}"}""";
        }

        using (var app = new ServedApp(before)) Assert.Equal(0, CommandRun.Of("export", "--app", app.Url, "--out", _folder).Status);
        var old = Contents();
        using var next = new ServedApp(after);
        var whole = Path.Combine(_folder, "whole");
        Assert.Equal(0, CommandRun.Of("export", "--app", next.Url, "--out", whole).Status);
        var largest = Directory.GetFiles(whole).Max(file => new FileInfo(file).Length);

        var places = Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1" ? 100 : 8;
        foreach (var bytes in Enumerable.Range(0, places).Select(place => (int)(place * largest / places)))
        {
            var run = CommandRun.OnDiskWith(bytes, "export", "--app", next.Url, "--out", _folder);
            Assert.Equal((1, ""), (run.Status, run.Output));
            Assert.Equal(Vaults.Length, run.Error.TrimEnd().Split('\n').Count(line => line.Contains(" can't be written, and is as it was: ", StringComparison.Ordinal)));
            Assert.Equal(old, Contents());
        }

        Assert.Equal(0, CommandRun.OnDiskWith((int)largest, "export", "--app", next.Url, "--out", _folder).Status);
        Assert.All(Contents(), file => Assert.NotEqual(old[file.Key], file.Value));
    }

    [Fact]
    public void EveryPagesVaults_AreListed()
    {
        using var app = new ServedApp(Answers());
        var table = CommandRun.Of("vaults", "--app", app.Url);
        Assert.All(Vaults, vault => Assert.Contains(vault, table.Output, StringComparison.Ordinal));
        var json = JsonNode.Parse(CommandRun.Of("vaults", "--app", app.Url, "--json").Output)!;
        Assert.Equal(Vaults, json["vaults"]!.AsArray().Select(vault => (string)vault!["id"]!));
    }

    [Fact]
    public void PagesThatLeadBack_AreSaid()
    {
        var answers = Answers();
        answers["/api/vaults?limit=200&cursor=c%2F2"] = Page(2, 2, "c/2");
        using var app = new ServedApp(answers);
        var run = CommandRun.Of("vaults", "--app", app.Url);
        Assert.Equal((1, "127.0.0.1: its pages of vaults lead back to one before."), (run.Status, run.Error.TrimEnd()));
    }

    [Fact]
    public void WhatIsNoAddress_NamesNoFile()
    {
        using var app = new ServedApp(new Dictionary<string, string>(StringComparer.Ordinal) { ["/api/vaults?limit=200"] = """{"vaults":[{"id":"../outside"}]}""" });
        var run = CommandRun.Of("export", "--app", app.Url, "--out", Path.Combine(_folder, "out"));
        Assert.Equal((1, "127.0.0.1 lists a vault whose id is no address."), (run.Status, run.Error.TrimEnd()));
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    /// <summary>More vaults than a minute's budget of calls: what the app says is waited for.</summary>
    [Fact]
    public void WhoseBudgetIsUsedUp_Waits()
    {
        var (answers, refused) = (Answers(), false);
        using var app = new ServedApp(asked =>
        {
            if (asked.RawUrl == $"/api/vaults/{Vaults[2]}/log" && !refused)
            {
                refused = true;
                return new("{}", 429, RetryAfter: "0");
            }

            return new(answers[asked.RawUrl!]);
        });
        var run = CommandRun.Of("export", "--app", app.Url, "--out", _folder);
        Assert.Equal((0, "", true), (run.Status, run.Error, refused));
        Assert.Equal(2, app.Asked.Count(asked => asked == $"GET /api/vaults/{Vaults[2]}/log"));
    }

    private SortedDictionary<string, string> Contents() => new(Directory.GetFiles(_folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText), StringComparer.Ordinal);

    private static Dictionary<string, string> Answers()
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/api/vaults?limit=200"] = Page(0, 2, "c/2"),
            ["/api/vaults?limit=200&cursor=c%2F2"] = Page(2, 2, "c4"),
            ["/api/vaults?limit=200&cursor=c4"] = Page(4, 1, null),
        };
        foreach (var vault in Vaults)
        {

            answers[$"/api/vaults/{vault}/weeks/1"] = """{"week":1}""";
            answers[$"/api/vaults/{vault}/log"] = $$$"""{"schema":"backstake-replay/1","vault":{"id":"{{{vault}}}","staking":"perRound"},"terms":{},"events":[{"type":"settle","week":1}]}""";
        }

        return answers;
    }

    private static string Page(int first, int count, string? next) => new JsonObject
    {
        ["vaults"] = new JsonArray([.. Vaults.Skip(first).Take(count).Select(vault => (JsonNode)new JsonObject { ["id"] = vault, ["status"] = "open" })]),
        ["next"] = next,
    }.ToJsonString();
}
