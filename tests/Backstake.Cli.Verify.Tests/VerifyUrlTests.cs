using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting;

namespace Backstake.Cli.Verify.Tests;

/// <summary>The command from a vault's address at an app: what the app publishes is the played vault's, served as an app does.</summary>
public sealed class VerifyUrlTests(PlayedVault played) : IClassFixture<PlayedVault>
{
    private string Route => $"/api/vaults/{played.Vault.ToLowerInvariant()}";

    [SkippableFact]
    public void WhatAnAppPublishes_IsVerified_AgainstItselfAndTheChain()
    {
        using var app = new ServedApp(Answers());
        var run = Verify(app, "--node", played.Node.ToString());
        Assert.Equal((0, ""), (run.Status, run.Error));
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal($"Vault {played.Vault.ToLowerInvariant()}", lines[0]);
        Assert.All(lines[1..^1], line => Assert.StartsWith("✔ ", line, StringComparison.Ordinal));
        Assert.Equal(19, lines.Length - 2);
        Assert.Equal("Verified: all 19 checks hold.", lines[^1]);

        var alone = CommandRun.Of("verify", "--app", app.Url, "--vault", played.Vault, "--json");
        var report = JsonNode.Parse(alone.Output)!;
        Assert.Equal((0, "", true, false, 5), (alone.Status, alone.Error, (bool)report["verified"]!, (bool)report["chain"]!, report["checks"]!.AsArray().Count));
        Assert.EndsWith("Consistent: all 5 checks hold. Whether it is true only the chain can say: name a node with --node.", Verify(app).Output.TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>What the app goes on with meanwhile is in the log and not in the history that came before.</summary>
    [SkippableFact]
    public void ALogThatWentOn_IsNoDifference()
    {
        var answers = Answers();
        answers[$"{Route}/log"] = Encoding.UTF8.GetString((played.File with { Events = played.File.Events[..^1] }).Write());
        using var app = new ServedApp(answers);
        Assert.Equal((0, ""), (Verify(app).Status, Verify(app).Error));
    }

    [SkippableFact]
    public void WhereItDiffers_IsSaid()
    {
        // An entry that was changed after it was hashed: its own hash is another one, and nothing else is said of it but what it changes.
        Differs("✘ The log's entries are chained by their hashes: entry 3: the log says ", answers => answers[Log] = answers[Log].Replace("\"key\":\"k3\"", "\"key\":\"k4\"", StringComparison.Ordinal));
        Differs("✘ The log's entries are chained by their hashes: entry 5 says that it is the 6th", answers => answers[Log] = Lines(played.File.Events.Length, skip: 4));
        // A log that is well chained and another one's.
        Differs("✘ The log's entries are the history's events: events[0]: the log (entry 1) has {\"type\":\"houseDeposit\"", answers => answers[Log] = Lines(played.File.Events.Length, change: events => events[0] = new HouseDeposit(new Nmr(1))));
        Differs($"✘ The log's entries are the history's events: the log has 4 of them, the history {played.File.Events.Length}", answers => answers[Log] = Lines(4));
        Differs("✘ The log's roots are those of the history's books: week 1: the log has the root 00", answers => answers[Log] = Lines(played.File.Events.Length, root: new string('0', 64)));
        Differs("✘ The published books are those of the history: weeks[0].cash: published ", answers => answers[$"{Route}/weeks/1"] = answers[$"{Route}/weeks/1"].Replace("\"cash\":\"", "\"cash\":\"1", StringComparison.Ordinal));
        Differs("✘ The log names the published weeks by their digests: week 2: the log names ", answers => answers[$"{Route}/weeks/2"] += " ");
    }

    [SkippableFact]
    public void WhatCantBeHad_OrIsDamaged_IsOneLine()
    {
        Fails(1, $"{Log}: ", app => app with { LengthTold = Encoding.UTF8.GetByteCount(app.Body) + 100 }); // it broke off
        Fails(1, $"{Log}: the answer broke off within a line.", app => app with { Body = app.Body[..^3] });
        Fails(2, $"{Log}: line 2 is no entry of a log", app => app with { Body = app.Body.Insert(app.Body.IndexOf('\n', StringComparison.Ordinal) + 1, "<html>\n") });
        Fails(1, $"{Log}: internal: Something went wrong.", _ => new("""{"code":"internal","title":"Something went wrong."}""", 500, "application/problem+json"));
        var answers = Answers();
        answers[$"{Route}/weeks/2"] = "<html>";
        using (var app = new ServedApp(answers)) Says(2, $"{Route}/weeks/2: no JSON", Verify(app));
        using (var app = new ServedApp(new Dictionary<string, string>(StringComparer.Ordinal))) Says(1, $"{Route}/log: 127.0.0.1 answers 404.", Verify(app));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/api/vaults/0x00000000000000000000000000000000000000aa", "http://127.0.0.1:1/api/vaults/0x00000000000000000000000000000000000000aa/log: Connection refused")]
    [InlineData("http://127.0.0.1:1/vaults/0x00000000000000000000000000000000000000aa", "is no vault's address at an app")]
    [InlineData("http://127.0.0.1:1/api/vaults/0x12", "is no vault's address at an app")]
    [InlineData("v.json", "is no address")]
    public void AnAddress_IsAVaults(string url, string message)
    {
        var run = CommandRun.Of("verify", url);
        Assert.Equal(1, run.Status);
        Assert.Contains(message, run.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void OneThing_IsVerified()
    {
        Assert.Contains("Name what to verify", CommandRun.Of("verify").Error, StringComparison.Ordinal);
        Assert.Contains("--replay, --books and --node go together.", CommandRun.Of("verify", "--replay", "a").Error, StringComparison.Ordinal);
        Assert.Contains("--app and --vault go together.", CommandRun.Of("verify", "--app", "http://127.0.0.1:1").Error, StringComparison.Ordinal);
    }

    /// <summary>On a terminal it tells how far it is; what is printed is the same.</summary>
    [SkippableFact]
    public void OnATerminal_BarsAreShown_AndNothingOfThemElsewhere()
    {
        using var app = new ServedApp(Answers());
        Skip.IfNot(File.Exists("/usr/bin/script"), "script(1), which makes a terminal, isn't on this machine.");
        var command = Path.Combine(Path.GetDirectoryName(typeof(VerifyReport).Assembly.Location)!.Replace(Path.Combine("tests", "Backstake.Cli.Verify.Tests"), Path.Combine("cli", "Backstake.Cli"), StringComparison.Ordinal), "backstake.dll");
        string Terminal(string more)
        {
            var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"dotnet {command} verify {app.Url.TrimEnd('/')}{Route}{more}", "/dev/null"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
            (start.Environment["TERM"], start.Environment["NO_COLOR"]) = ("xterm", "1");
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process.StandardOutput.ReadToEnd();
        }

        Assert.Contains("Downloading the history", Terminal(""), StringComparison.Ordinal);
        Assert.Contains("Consistent: all 5 checks hold.", Terminal(""), StringComparison.Ordinal);
        Assert.DoesNotContain("Downloading", Terminal(" --json"), StringComparison.Ordinal);
        Assert.DoesNotContain("Downloading", Terminal(" > /dev/null; true"), StringComparison.Ordinal);
    }

    private string Log => $"{Route}/log?after=0";

    private void Differs(string line, Action<Dictionary<string, string>> change)
    {
        var answers = Answers();
        var before = string.Concat(answers.Values);
        change(answers);
        Assert.NotEqual(before, string.Concat(answers.Values));
        using var app = new ServedApp(answers);
        var run = Verify(app);
        Assert.Equal((1, ""), (run.Status, run.Error));
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
        Assert.Contains("Not verified: ", run.Output, StringComparison.Ordinal);
    }

    private void Fails(int status, string message, Func<ServedApp.Answer, ServedApp.Answer> log)
    {
        var answers = Answers();
        using var app = new ServedApp(asked => asked.RawUrl == Log ? log(new(answers[Log], Type: "application/x-ndjson")) : new(answers[asked.RawUrl!]));
        Says(status, message, Verify(app));
    }

    private static void Says(int status, string message, CommandRun run)
    {
        Assert.Equal((status, ""), (run.Status, run.Output));
        Assert.Contains(message, Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    private CommandRun Verify(ServedApp app, params string[] more) => CommandRun.Of(["verify", app.Url.TrimEnd('/') + Route, .. more]);

    private Dictionary<string, string> Answers()
    {
        played.SkipWithoutContracts();
        var answers = new Dictionary<string, string>(StringComparer.Ordinal) { [$"{Route}/log"] = Encoding.UTF8.GetString(played.File.Write()), [Log] = Lines(played.File.Events.Length) };
        foreach (var (week, i) in Weeks().Select((week, i) => (week, i))) answers[$"{Route}/weeks/{i + 1}"] = week;
        return answers;
    }

    private IEnumerable<string> Weeks() => PlayedVault.Published(played.History)["weeks"]!.AsArray().Select(week => week!.ToJsonString());

    /// <summary>The log as an app stores and sends it, with entries beside the books' own.</summary>
    private string Lines(int count, int? skip = null, string? root = null, Action<VaultEvent[]>? change = null)
    {
        var (text, chain, weeks, events) = (new StringBuilder(), new byte[32], Weeks().ToArray(), played.File.Events.ToArray());
        change?.Invoke(events);
        for (var i = 0; i < count; i++)
        {
            var sequence = i + (skip is { } gap && i >= gap ? 2 : 1);
            var happened = events[i] is Settle settle
                ? $$"""{"type":"vaultSettled","week":{{settle.Week}},"booksDigest":"","booksRoot":"{{root ?? Convert.ToHexStringLower(played.History.Settlements[settle.Week.Number - 1].Root!)}}","entryDigest":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(weeks[settle.Week.Number - 1])))}}"}"""
                : $$"""{"type":"booked","event":{{Encoding.UTF8.GetString(EventJson.Write(events[i]))}}}""";
            var entry = $$"""{"sequence":{{sequence}},"key":"k{{i + 1}}","at":"2026-01-04T18:00:00Z","event":{{happened}}}""";
            chain = SHA256.HashData([.. chain, 1, .. Encoding.UTF8.GetBytes(entry)]);
            text.Append(entry[..^1]).Append(",\"chain\":\"").Append(Convert.ToHexStringLower(chain)).Append("\"}\n");
        }

        return text.ToString();
    }
}
