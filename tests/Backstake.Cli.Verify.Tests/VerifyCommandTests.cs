using System.Text.Json.Nodes;

namespace Backstake.Cli.Verify.Tests;

/// <summary>The command from its files and a node to its report and exit status.</summary>
public sealed class VerifyCommandTests(PlayedVault played) : IClassFixture<PlayedVault>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    private string Replay => Path.Combine(_folder, "v.json");

    private string Books => Path.Combine(_folder, "v.books.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void AnHonestVault_IsVerified_LineByLine()
    {
        WriteFiles();
        var run = Verify();
        Assert.Equal((0, ""), (run.Status, run.Error));
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal($"Vault {played.Vault.ToLowerInvariant()}", lines[0]);
        Assert.All(lines[1..^1], line => Assert.StartsWith("✔ ", line, StringComparison.Ordinal));
        Assert.StartsWith("Verified: all ", lines[^1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void AsJson_TheReportIsOneObject()
    {
        WriteFiles();
        var run = Verify("--json", "--vault", played.Vault, "--from-block", "1");
        Assert.Equal((0, ""), (run.Status, run.Error));
        var report = JsonNode.Parse(run.Output)!.AsObject();
        Assert.Equal(["vault", "verified", "chain", "checks"], report.Select(field => field.Key));
        Assert.True(report["verified"]!.GetValue<bool>());
        Assert.All(report["checks"]!.AsArray(), check => Assert.Equal(["name", "holds", "detail"], check!.AsObject().Select(field => field.Key)));
    }

    [SkippableFact]
    public void ChangedBooks_AreFound_AndTheExitStatusSaysSo()
    {
        WriteFiles();
        File.WriteAllText(Books, File.ReadAllText(Books).Replace("\"houseLeaving\":\"0\"", "\"houseLeaving\":\"0.000000000000000001\"", StringComparison.Ordinal));
        var run = Verify();
        Assert.Equal((1, ""), (run.Status, run.Error));
        Assert.Contains("✘ The published books are those of the history: weeks[0].houseLeaving: published \"0.000000000000000001\", the history gives \"0\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("Not verified: 1 of ", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void WhatIsNoVault_IsSaidInOneLine()
    {
        WriteFiles();
        AssertOneLine(1, "There is no contract at 0x00000000000000000000000000000000000000aa", Verify("--vault", "0x00000000000000000000000000000000000000aa"));
    }

    [Fact]
    public void ANodeThatIsNotThere_IsSaidInOneLine()
    {
        WriteOwnFiles();
        AssertOneLine(1, "The node at http://127.0.0.1:1/ can't be reached: start it, or name another one with --node.",
            CommandRun.Of("verify", "--replay", Replay, "--books", Books, "--node", "http://127.0.0.1:1", "--vault", "0x00000000000000000000000000000000000000aa"));
    }

    [Fact]
    public void AMalformedFile_IsNamedWithItsPlace()
    {
        WriteOwnFiles();
        var history = File.ReadAllText(Replay);
        File.WriteAllText(Replay, history.Replace("\"events\":[", "\"events\":[{\"type\":\"houseDeposit\",\"amount\":\"-1\"}", StringComparison.Ordinal));
        AssertOneLine(2, ": events[0].amount: ", VerifyWithoutNode());
        File.WriteAllText(Replay, history);
        File.WriteAllText(Books, """{"weeks":[]}""");
        AssertOneLine(2, "v.books.json: not a JSON object with weeks and errors", VerifyWithoutNode());
        File.WriteAllText(Books, """{"weeks":[],"weeks":[],"errors":[]}""");
        AssertOneLine(2, "v.books.json: not a JSON object with weeks and errors", VerifyWithoutNode());
    }

    [Theory]
    [InlineData("--vault", "0x12", "--vault: an address is 0x and 40 hex digits.")]
    [InlineData("--node", "localhost:8545", "is no address")]
    [InlineData("--replay", "no-such-file.json", "no-such-file.json")]
    public void WrongArguments_AreSaid(string option, string value, string message)
    {
        WriteOwnFiles();
        var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["--replay"] = Replay, ["--books"] = Books, ["--node"] = "http://127.0.0.1:1", [option] = value };
        var run = CommandRun.Of(["verify", .. options.SelectMany(one => new[] { one.Key, one.Value })]);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static void AssertOneLine(int status, string message, CommandRun run)
    {
        Assert.Equal((status, ""), (run.Status, run.Output));
        Assert.Contains(message, Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    private CommandRun Verify(params string[] more) => CommandRun.Of(["verify", "--replay", Replay, "--books", Books, "--node", played.Node.ToString(), .. more]);

    private CommandRun VerifyWithoutNode() => CommandRun.Of("verify", "--replay", Replay, "--books", Books, "--node", "http://127.0.0.1:1");

    private void WriteFiles()
    {
        played.SkipWithoutContracts();
        File.WriteAllBytes(Replay, played.File.Write());
        File.WriteAllBytes(Books, played.History.Document.Write());
    }

    private void WriteOwnFiles()
    {
        File.WriteAllText(Replay, """{"schema":"backstake-replay/1","vault":{"id":"v1","staking":"perRound"},"terms":{},"events":[]}""");
        File.WriteAllText(Books, """{"weeks":[],"errors":[]}""");
    }
}
