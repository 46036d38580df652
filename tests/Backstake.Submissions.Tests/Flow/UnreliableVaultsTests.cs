using System.Globalization;
using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Functions.Nodes;
using Backstake.Functions.Numerai;
using Backstake.Functions.Submissions;
using Backstake.Research;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Backstake.Submissions.Tests.Accounts;
using Backstake.Submissions.Tests.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using ApiKey = Backstake.Sandbox.Api.ApiKey;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>
/// Fifty vaults at once, whose nodes are good, slow, dead, wrong, late or malicious, whose keys fail and whose files are replaced, as a plan says for each vault and round:
/// every failure stays its own, and what is published of them is the plan. The chain takes everything and mines nothing.
/// </summary>
[Collection(StorageGround.Collection)]
public sealed class UnreliableVaultsTests(StorageGround ground, ITestOutputHelper output) : SubmissionGround(ground)
{
    const int Vaults = 50;
    const int Rounds = 2;

    enum Plan
    {
        Good,
        Slow,
        Dead,
        Wrong,
        Late,
        Redirecting,
        Endless,
        KeyRevoked,
        Replaced,
    }

    static readonly Dictionary<Plan, (RoundOutcome Outcome, Blame Blame, string? Cause)> Expected = new()
    {
        [Plan.Good] = (RoundOutcome.OnTime, Blame.Nobody, null),
        [Plan.Slow] = (RoundOutcome.Retried, Blame.Owner, Cause.NodeFailed),
        [Plan.Dead] = (RoundOutcome.Missed, Blame.Owner, Cause.NodeFailed),
        [Plan.Wrong] = (RoundOutcome.Missed, Blame.Owner, Cause.NodeFailed),
        [Plan.Late] = (RoundOutcome.Missed, Blame.Owner, Cause.NodeFailed),
        [Plan.Redirecting] = (RoundOutcome.Missed, Blame.Owner, Cause.NodeFailed),
        [Plan.Endless] = (RoundOutcome.Missed, Blame.Owner, Cause.NodeFailed),
        [Plan.KeyRevoked] = (RoundOutcome.Missed, Blame.Owner, "ownersKeyRefused"),
        [Plan.Replaced] = (RoundOutcome.Replaced, Blame.Owner, "replaced"),
    };

    /// <summary>Minutes after the opening at which the workers come by, and the sandbox's hour is over; then the look after the deadline.</summary>
    static readonly double[] Passes = [0, 1, 2, 3, 4, 5, 10, 51, 58.5];

    readonly SandboxAccount account = new("careless", new ApiKey("CARELESSPUBLIC", "careless-secret", [ApiKey.UploadScope, ApiKey.StakeScope]), "0x00000000000000000000000000000000000313bd");
    readonly SecretVault secrets = new();
    readonly WatchedNumerai numerai = new();
    TestNode node = null!;
    Dictionary<string, int> numberOf = null!;

    protected override IReadOnlyList<SandboxAccount> Accounts => [SandboxAccount.Default, account];

    protected override IEnumerable<(string, string)> Settings => [("Numerai:OwnersVault", SecretVault.Address), ("Identity:Origin", "https://app.example.org"), ("Nodes:Allowed", node.Allowed)];

    protected override Transports Ways => new(null, numerai, new QuietNode()) { KeyVault = secrets.Lead, Credential = new SecretVault.Token() };

    public override async Task InitializeAsync()
    {
        node = await TestNode.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await node.DisposeAsync();
    }

    /// <summary>Half of all is good, the rest evenly of each kind; only a vault in its owner's account has a key that fails.</summary>
    static Plan PlanOf(int vault, int round) => (vault, (vault + (3 * (round - Number))) % 16) switch
    {
        ( >= 45, var turn) => turn % 2 == 0 ? Plan.KeyRevoked : Plan.Good,
        (_, 0) => Plan.Slow,
        (_, 2) => Plan.Dead,
        (_, 4) => Plan.Wrong,
        (_, 6) => Plan.Late,
        (_, 8) => Plan.Redirecting,
        (_, 10) => Plan.Endless,
        (_, 12) => Plan.Replaced,
        _ => Plan.Good,
    };

    [Fact]
    public async Task FiftyVaults_FailEachForItself_AndTheirReliabilityIsWhatWasInjected()
    {
        var vaults = new List<RegisteredVault>();
        for (var i = 0; i < Vaults; i++)
        {
            vaults.Add(await Begin(Tournament.AddModel($"model {i}", TournamentKind.Classic, i < 45 ? SandboxAccount.Default : account)));
            await The<NodeTable>().Put(new Node(vaults[i].Id, new Uri(node.Address, $"{i}").ToString(), 1, Clock.GetUtcNow(), Gone: false), default);
            if (i >= 45)
                await The<OwnersKeys>().Put(vaults[i].Id, new(account.Key.PublicId, account.Key.SecretKey), default);
        }

        numberOf = vaults.Select((vault, i) => (vault.Id, i)).ToDictionary(it => it.Id, it => it.i, StringComparer.Ordinal);
        node.Answer = Answer;
        for (var round = Number; round < Number + Rounds; round++)
        {
            Clock.MoveTo(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero).AddDays(round - Number));
            await Play(vaults, await Open());
        }

        var told = new Dictionary<(int Vault, int Round), RoundReliability>();
        foreach (var vault in vaults)
        {
            var story = (await Storage.NewMachine().ReadAll(vault.Id)).Aggregate(VaultStory.Of(vault.Id), (story, entry) => story.Apply(entry));
            Assert.Equal(Enumerable.Range(Number, Rounds), story.Rounds.Keys);
            foreach (var (number, round) in story.Rounds)
                told[(numberOf[vault.Id], number)] = RoundReliability.Of(round.Facts, Clock.GetUtcNow());
            Assert.DoesNotContain(story.Rounds.Values, round => round.Failures.Any(failure => failure.Cause == NumeraiException.LimitCause)); // waiting is no failure
        }

        var wrong = told.Where(it => Expected[PlanOf(it.Key.Vault, it.Key.Round)] != (it.Value.Outcome, it.Value.Blame, it.Value.Cause)).Select(it => $"{it.Key}: {PlanOf(it.Key.Vault, it.Key.Round)}, told as {it.Value}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(Vaults * Rounds, told.Count);
        Assert.Equal(Enum.GetValues<Plan>().Length, told.Keys.Select(it => PlanOf(it.Vault, it.Round)).Distinct().Count());
        var summary = ReliabilitySummary.Of(told.Values);
        output.WriteLine(JsonSerializer.Serialize(summary));
        Assert.Equal(told.Keys.Count(it => PlanOf(it.Vault, it.Round) is Plan.Good), summary.OnTime);
        Assert.Equal(summary.Missed + summary.Replaced, summary.Blamed[Blame.Owner]);
    }

    /// <summary>A round from its opening to the look after its deadline: the workers come by every vault, one after the other.</summary>
    async Task Play(List<RegisteredVault> vaults, NumeraiRound round)
    {
        foreach (var minutes in Passes)
        {
            Clock.MoveTo(round.OpenTime.AddMinutes(minutes));
            for (var others = 0; minutes == 1 && others < 70; others++)
                The<NumeraiCalls>().Count("model"); // what else this process does in that minute: thirty calls are left for the vaults
            foreach (var vault in vaults)
            {
                var (number, plan) = (numberOf[vault.Id], PlanOf(numberOf[vault.Id], round.Number));
                numerai.Revoked.Clear();
                if (plan is Plan.KeyRevoked)
                    numerai.Revoked.Add(account.Key.PublicId);
                if (plan is Plan.Slow && minutes == 5)
                    await Upload(vault, round.Number);
                await Run(vault, round);
                await The<NodeDelivery>().Deliver(new CallNode(vault.Id, round.Number, ByHand: false), default);
                if (plan is Plan.Replaced && minutes == Passes[^1])
                    await Replace(vault, round.Number);
            }
        }

        numerai.Revoked.Clear();
        foreach (var (minutes, isLast) in new[] { (0.0, false), (5.0, true) })
        {
            Clock.MoveTo(round.CloseStakingTime.AddMinutes(minutes));
            foreach (var vault in vaults)
            {
                if (!isLast && PlanOf(numberOf[vault.Id], round.Number) is Plan.Late)
                    await Upload(vault, round.Number);
                await Run(vault, round);
            }
        }
    }

    /// <summary>After our last look somebody with the account's key submits another file; the stake is bound to ours.</summary>
    async Task Replace(RegisteredVault vault, int round)
    {
        await Append(vault, $"close|{round}", new Booked(new Close(new Round(round))));
        await The<INumerai>().Submit(8, vault.Model, FileOf("another", round), null, default);
    }

    async Task Upload(RegisteredVault vault, int round) => await ActivatorUtilities.CreateInstance<NodeFunctions>(App)
        .Upload(Request(FileOf(vault.Id, round)), vault.Id, round, The<NodeSignature>().Ticket(vault.Id, round), default);

    byte[] FileOf(string author, int round) => Tournament.Live.Predictions(TournamentKind.Classic, round, author);

    async Task Answer(HttpContext http)
    {
        var data = JsonDocument.Parse(node.Calls.Last(call => call.Path == http.Request.Path).Body).RootElement.GetProperty("data");
        var (vault, round) = (data.GetProperty("vault").GetString()!, data.GetProperty("round").GetInt32());
        Assert.Equal(numberOf[vault], int.Parse(http.Request.Path.Value![1..], CultureInfo.InvariantCulture));
        switch (PlanOf(numberOf[vault], round))
        {
            case Plan.Slow or Plan.Late:
                http.Response.StatusCode = 202;
                break;
            case Plan.Dead:
                http.Response.StatusCode = 503;
                break;
            case Plan.Wrong:
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("id,prediction\nn1,NaN\n"));
                break;
            case Plan.Redirecting:
                http.Response.Redirect("http://169.254.169.254/metadata/identity/oauth2/token");
                break;
            case Plan.Endless:
                for (var i = 0; i < 3 * 1024 && !http.RequestAborted.IsCancellationRequested; i++)
                    await http.Response.Body.WriteAsync(new byte[1024], http.RequestAborted);
                break;
            default:
                await http.Response.Body.WriteAsync(FileOf(vault, round));
                break;
        }
    }
}
