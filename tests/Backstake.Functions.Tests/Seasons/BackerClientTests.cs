using System.Diagnostics;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Season;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>
/// A backer of a season who has none of our code: tests/clients/backer.mjs drives deposit, waiting, exit and claim with ethers, the published ABI and the HTTP API. Everything that it gets back is, to the
/// wei, what the API says that it was paid.
/// </summary>
[Collection(SeasonCollection.Name)]
public sealed class BackerClientTests : IProgress<SeasonProgress>
{
    const int Units = 2;
    static readonly SeasonOptions Options = new() { Weeks = 1, FromRound = 843, Vaults = 2, Backers = 2, Seed = 11, Exit = true };

    readonly Queue<string> steps = new(["deposit", "exit"]);
    readonly List<string> refused = [];
    readonly List<JsonNode> claims = [];
    SeasonPlay? season;
    Wallet? backer;
    Nmr spent;

    SeasonVault Vault => season!.Vaults[1];

    [SkippableFact]
    public async Task ABackersOwnProgram_Deposits_Waits_Leaves_AndIsPaidToTheWei()
    {
        SeasonCollection.NeedContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await using var play = season = new SeasonPlay(Options, this) { Rewire = settings => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Identity__Origin"] = "https://backstake.example" }) };
        await play.Begin(limit.Token);
        backer = play.Ground.Wallet("a backer with a program");
        await backer.Fund(play.Ground.Nmr, SeasonTerms.Wei(1_000), limit.Token);
        await play.Play(limit.Token);

        Assert.Empty(steps);
        Assert.Contains("nothingLive", refused); // it waited: a deposit is units once its week is settled
        Assert.NotEmpty(claims);
        var end = await Run("position");
        Assert.Equal((0, "0", "0"), (end["holdings"]!.AsArray().Count, (string)end["worth"]!, (string)end["claimable"]!));
        Assert.Equal((string)end["booked"]!, (string)end["claimed"]!);
        Assert.Equal("nothingToClaim", (string)(await Run("claim"))["refused"]!);
        var paid = Amount(end, "claimed");
        Assert.True(paid.IsPositive && -spent == Nmr.FromNmr(100), $"{spent} were spent, {paid} paid.");
        Assert.Equal(Nmr.FromNmr(1_000) + spent + paid, Amount(end, "wallet"));
        play.Succeeded = true;
    }

    /// <summary>After every moment of the season it does what is next for it; what is refused it tries again later.</summary>
    void IProgress<SeasonProgress>.Report(SeasonProgress value) => Task.Run(Next).GetAwaiter().GetResult();

    async Task Next()
    {
        var step = steps.TryPeek(out var next) ? next : "claim";
        var done = await Run(step, "--units", $"{Units}");
        if ((string?)done["refused"] is { } code)
        {
            refused.Add(code);
            return;
        }

        if (step == "claim")
            claims.Add(done);
        else
            steps.Dequeue();
        if (step == "deposit")
            spent = Amount(done, "moved");
    }

    async Task<JsonNode> Run(string step, params string[] more)
    {
        string[] arguments = [Path.Combine(Repository.Root, "tests", "clients", "backer.mjs"), step, "--app", $"{season!.App.Address}", "--rpc", $"{season.Ground.Node}", "--vault", Vault.Id, "--nmr", season.Ground.Nmr, "--abi", Repository.Artifact("Vault"), .. more];
        var start = new ProcessStartInfo("node", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BACKER_KEY"] = backer!.Account.PrivateKey;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{step}: {output}{await error}");
        return JsonNode.Parse(output)!;
    }

    /// <summary>ethers writes whole amounts as 100.0.</summary>
    static string Short(string amount) => amount.EndsWith(".0", StringComparison.Ordinal) ? amount[..^2] : amount;

    static Nmr Amount(JsonNode node, string name) => Nmr.TryParse(Short((string)node[name]!), out var amount) ? amount : throw new FormatException((string)node[name]!);
}
