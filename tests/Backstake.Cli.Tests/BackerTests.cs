using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary><c>backstake position</c>, <c>statement</c> and <c>terms diff</c> as they are run. What the numbers are worth, the library's own tests say.</summary>
public sealed class BackerTests : IDisposable
{
    private const string Anna = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private const string History = """
        {"schema":"backstake-replay/1","vault":{"id":"v1","staking":"perRound","concurrentRounds":4},
         "terms":{"T1":{"unitSize":"100","profitShareBps":5000,"lossShareBps":0,"crystallisation":"weekly","compoundingWeeks":12},
                  "T2":{"unitSize":"100","profitShareBps":4000,"lossShareBps":0,"crystallisation":"weekly","compoundingWeeks":12,"lockupWeeks":2}},
         "events":[{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":2},{"type":"settle","week":1},
          {"type":"close","round":843},{"type":"resolve","round":843,"payout":"20"},{"type":"close","round":844},{"type":"settle","week":2},
          {"type":"exit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","entryWeek":1,"units":1}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void APosition_IsTold()
    {
        var json = JsonNode.Parse(Run("position", "--backer", Anna, "--json").Output)!;
        Assert.Equal(("v1", 2, "210", "50"), ((string)json["vault"]!, (int)json["asOf"]!["week"]!, (string)json["worth"]!, (string)json["atRisk"]!));
        Assert.Equal(1, (int)json["holdings"]![0]!["askedOut"]!);
        var text = Run("position", "--backer", Anna.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal));
        Assert.Equal((0, ""), (text.Status, text.Error));
        Assert.Contains("live, 1 asked out", text.Output, StringComparison.Ordinal);
        Assert.Contains("Together worth 210 NMR, of which 50 are at risk", text.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing.", Run("position", "--backer", "0x" + new string('b', 40)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AStatement_IsTold_OrWhyThereIsNone()
    {
        var json = JsonNode.Parse(Run("statement", "--backer", Anna, "--week", "2", "--json").Output)!;
        Assert.Equal(("200", "10", "210"), ((string)json["opening"]!, (string)json["income"]!, (string)json["closing"]!));
        Assert.Contains("ownerShare", Run("statement", "--backer", Anna, "--week", "2").Output, StringComparison.Ordinal);
        var late = Run("statement", "--backer", Anna, "--week", "3");
        Assert.Equal((1, "Week 3 isn't settled: the last is 2."), (late.Status, late.Error.Trim()));
    }

    [Fact]
    public void Terms_AreHeldAgainstEachOther()
    {
        var json = Run("terms", "diff", "T1", "T2", "--json").Output.Trim();
        Assert.Equal("""{"profitShareBps":["5000","4000"],"lockupWeeks":["0","2"]}""", json);
        Assert.Equal(1, Run("terms", "diff", "T1", "T3").Status);
    }

    [Fact]
    public async Task Vault_TellsHowReliableItWas_AndWhatLooksLikeAnotherModel()
    {
        const string Record = """
            {"summary":{"rounds":8,"onTime":4,"retried":1,"missed":2,"stale":0,"replaced":1,"reliable":0.625,"blamed":{"owner":2,"us":0,"numerai":1}},
             "rounds":[{"round":843,"outcome":"onTime","cause":null},{"round":844,"outcome":"missed","cause":"nodeFailed"}],
             "breaks":[{"round":850,"kind":"distribution","value":0.25,"limit":0.1,"announced":true}],"announced":[{"fromRound":850,"note":"more trees","at":"2026-01-06T12:00:00Z"}]}
            """;
        using var app = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}/";
        app.Prefixes.Add(address);
        app.Start();
        var serving = Task.Run(async () =>
        {
            foreach (var (path, answer) in new[] { ("/api/vaults/0x01", """{"id":"0x01","status":"open"}"""), ("/api/vaults/0x01/reliability", Record) })
            {
                var asked = await app.GetContextAsync();
                Assert.Equal(path, asked.Request.Url!.AbsolutePath);
                await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                asked.Response.Close();
            }
        });
        var told = Start(["vault", "0x01", "--app", address]);
        Assert.Equal((0, ""), (told.Status, told.Error));
        await serving;
        Assert.Equal(
            [
                "id                    0x01", "status                open", "",
                "submitted in time     62.5 % of 8 rounds: 4 on time, 1 retried, 2 missed, 0 stale, 1 replaced", "                      2 through the owner", "                      1 through Numerai",
                "                      round 844 missed: nodeFailed", "not the same model?   round 850: distribution 0.25, limit 0.1 (announced)", "announced by the owner from round 850: more trees",
            ],
            told.Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("position")]
    [InlineData("statement")]
    [InlineData("tax")]
    [InlineData("vaults")]
    [InlineData("vault")]
    [InlineData("terms diff")]
    [InlineData("deposit")]
    [InlineData("exit")]
    [InlineData("cancel")]
    [InlineData("transfer")]
    [InlineData("claim")]
    [InlineData("terms sign")]
    [InlineData("terms offer")]
    [InlineData("upload")]
    [InlineData("node test")]
    [InlineData("completion")]
    [InlineData("house add")]
    [InlineData("house withdraw")]
    [InlineData("house take")]
    [InlineData("reserve add")]
    [InlineData("reserve withdraw")]
    [InlineData("reserve take")]
    [InlineData("owner move-cut")]
    [InlineData("owner announce-staker")]
    [InlineData("owner adopt-staker")]
    [InlineData("owner revoke-cut")]
    [InlineData("owner revoke-staker")]
    [InlineData("disclosure sign")]
    [InlineData("disclosure put")]
    [InlineData("disclosure show")]
    [InlineData("allocation sign")]
    [InlineData("allocation put")]
    [InlineData("allocation show")]
    [InlineData("notifications set")]
    [InlineData("notifications show")]
    [InlineData("notifications test")]
    [InlineData("notifications rotate")]
    [InlineData("notifications resend")]
    [InlineData("notifications off")]
    public void Help_HasAnExample_AndTheExitStatus(string command)
    {
        var help = Start([.. command.Split(' '), "--help"]);
        Assert.Equal(0, help.Status);
        Assert.Contains($"backstake {command}", help.Output, StringComparison.Ordinal);
        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.Contains("Exit status 0", help.Output, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var file = Path.Combine(_folder, "v.json");
        File.WriteAllText(file, History);
        return Start([.. arguments, "--history", file]);
    }

    private static (int Status, string Output, string Error) Start(string[] arguments)
    {
        var command = Path.Combine(AppContext.BaseDirectory, "backstake.dll");
        var start = new ProcessStartInfo("dotnet", [command, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
