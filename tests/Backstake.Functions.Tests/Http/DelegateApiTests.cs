using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Identity;
using Backstake.Functions.Nodes;
using Backstake.Functions.Numerai;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Sandbox;
using Backstake.Sandbox.Nodes;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Sandbox.Time;
using Backstake.Season;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Http;

/// <summary>What delegates and their nodes ask over HTTP, of the app as a process of its own beside a tournament whose Crypto round is open; held against openapi.json as all traffic is.</summary>
[Collection(StorageGround.Collection)]
public sealed class DelegateApiTests(ApiGround ground) : IClassFixture<ApiGround>, IAsyncLifetime
{
    const int Round = 843;
    const int Crypto = (int)TournamentKind.Crypto;
    const string WebhookKey = "a key for tests";
    static readonly DateTimeOffset Opening = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    readonly string clockFile = Path.GetTempFileName();
    readonly NodeSignature signature = new(new OutgoingSecrets(Options.Create(new WebhookSettings { Key = WebhookKey })));
    VirtualClock clock = null!;
    Tournament tournament = null!;
    ReferenceNode node = null!;
    AppProcess app = null!;
    HttpClient http = null!;
    string vault = "";
    string key = "";

    public async Task InitializeAsync()
    {
        clock = new VirtualClock(Opening, clockFile);
        var (corr, mmc) = (ScoreTable.Read(new StringReader("roundNumber,A\n843,0.02\n"), "corr"), ScoreTable.Read(new StringReader("roundNumber,A\n843,0.01\n"), "mmc"));
        tournament = await Tournament.StartAsync(new TournamentOptions { Clock = clock, Calendar = new RoundCalendar(Round, new DateOnly(2026, 11, 24)), Scores = new SandboxScores(corr, mmc, "test"), LiveIds = 20 });
        vault = StorageGround.NewVault();
        await ground.Machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Tournament = Crypto } });
        await new VaultRegistry(ground.Storage.Clients).Add(new(vault, Crypto, Guid.NewGuid().ToString()), default);
        var rounds = new OpenRounds(ground.Storage.Clients);
        await rounds.Prepare(default);
        await rounds.Remember(Crypto, new NumeraiRound(Round, Opening, Opening.AddHours(1), Opening.AddDays(31)), default);
        node = new ReferenceNode(signature.Secret(vault, 1), clock);
        await node.StartAsync();
        app = await ground.Start(
            ("Numerai__Endpoint", tournament.Address.ToString()), ("Numerai__PublicId", Sandbox.Api.SandboxAccount.Default.Key.PublicId), ("Numerai__SecretKey", Sandbox.Api.SandboxAccount.Default.Key.SecretKey),
            ("Numerai__Tournaments", $"{Crypto}"), ("Backstake__ClockFile", clockFile), ("Webhook__Key", WebhookKey), ("Nodes__Allowed", $"127.0.0.1:{node.Address.Port}"));
        http = app.Client();
        key = (await new ApiKeys(new IdentityTable(ground.Storage.Clients), clock).Make(History.Owner, "delegate", [ApiScope.Submit(vault)], null, default))!.Value.Text;
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await node.DisposeAsync();
        await tournament.DisposeAsync();
        clock.Dispose();
        File.Delete(clockFile);
    }

    [Fact]
    public async Task Predictions_AreJudgedAndStored()
    {
        var route = $"vaults/{vault}/rounds/next/predictions";
        var stored = await Ask(HttpMethod.Put, route, Predictions, 200);
        Assert.Equal((vault, Round, Crypto, 1), ((string)stored["vault"]!, (int)stored["round"]!, (int)stored["tournament"]!, (int)stored["version"]!));
        Assert.Equal(64, ((string)stored["hash"]!).Length);
        var bad = await Ask(HttpMethod.Put, route, "symbol,prediction\nA,7\n"u8.ToArray(), 422);
        Assert.Equal(("predictionsInvalid", 2), ((string)bad["code"]!, (int)bad["errors"]![0]!["line"]!));
        Assert.Equal("predictionsNotCsv", (string)(await Ask(HttpMethod.Put, route, "PAR1 and so on"u8.ToArray(), 415))["code"]!);
        Assert.Equal("unknownRound", (string)(await Ask(HttpMethod.Put, route.Replace("next", "7", StringComparison.Ordinal), Predictions, 404))["code"]!);
        Assert.Equal("2026-11-24T13:00:00+00:00", (string)(await Ask(HttpMethod.Post, $"vaults/{vault}/rounds/{Round}/submit", [], 202))["closesStaking"]!);
        Assert.Equal("roundNotSubmittable", (string)(await Ask(HttpMethod.Post, $"vaults/{vault}/rounds/{Round + 1}/submit", [], 409))["code"]!);
        clock.MoveTo(Opening.AddHours(1));
        Assert.Equal("roundOver", (string)(await Ask(HttpMethod.Put, $"vaults/{vault}/rounds/{Round}/predictions", Predictions, 409))["code"]!);
    }

    [Fact]
    public async Task Node_IsRegisteredTestedAndRemoved()
    {
        var route = $"vaults/{vault}/node";
        Assert.Equal("noNode", (string)(await Ask(HttpMethod.Get, route, null, 404))["code"]!);
        Assert.Equal("nodeUrlRefused", (string)(await Ask(HttpMethod.Put, route, Url("http://10.0.0.1/"), 422))["code"]!);
        var told = await Ask(HttpMethod.Put, route, Url(node.Address.ToString()), 200);
        Assert.Equal(signature.Secret(vault, 1), (string)told["secret"]!);
        Assert.Equal("ok", (string)(await Ask(HttpMethod.Post, route + "/test", [], 200))["outcome"]!);
        var shown = await Ask(HttpMethod.Get, route, null, 200);
        Assert.Equal((false, 1, null), ((bool)shown["gone"]!, shown["calls"]!.AsArray().Count, shown["secret"]));
        Assert.Equal(signature.Secret(vault, 2), (string)(await Ask(HttpMethod.Post, route + "/secret", [], 200))["secret"]!);

        // By the links of a call, without any other key.
        var links = $"vaults/{vault}/rounds/{Round}/nodes/{signature.Ticket(vault, Round)}";
        using var ids = await http.GetAsync(new Uri("api/" + links + "/live-ids", UriKind.Relative));
        Assert.Equal(("text/csv", "symbol"), (ids.Content.Headers.ContentType!.MediaType, (await ids.Content.ReadAsStringAsync()).Split('\n')[0]));
        Assert.Equal(Round, (int)(await Ask(HttpMethod.Put, links + "/predictions", Predictions, 200))["round"]!);
        Assert.Equal("notFound", (string)(await Ask(HttpMethod.Put, links.Replace($"/{Round}/", $"/{Round + 1}/", StringComparison.Ordinal) + "/predictions", Predictions, 404))["code"]!);

        using var gone = await Send(HttpMethod.Delete, route, null);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal("noNode", (string)(await Ask(HttpMethod.Post, route + "/test", [], 404))["code"]!);
    }

    [Fact]
    public async Task Webhook_IsAnsweredAtOnce_ByItsSecretPathAlone()
    {
        var path = $"api/webhooks/{vault}/{new Webhooks(Options.Create(new WebhookSettings { Key = WebhookKey }), TimeProvider.System).SecretOf(vault)}";
        using var right = await http.PostAsync(new Uri(path, UriKind.Relative), new StringContent("""{"triggerId":"11111111-2222-3333-4444-555555555555"}"""));
        Assert.Equal((HttpStatusCode.OK, ""), (right.StatusCode, await right.Content.ReadAsStringAsync()));
        using var wrong = await http.PostAsync(new Uri(path[..^1] + (path[^1] == '0' ? '1' : '0'), UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        // The local host says which address it was asked for; nothing of ours does.
        var log = File.ReadAllLines(app.LogFile).FirstOrDefault(line => line.Contains(path[^20..], StringComparison.Ordinal) && !line.Contains("info Function.RoundWebhook: succeeded (POST ", StringComparison.Ordinal));
        Assert.True(log is null, log);
    }

    byte[] Predictions => tournament.Live.Predictions(TournamentKind.Crypto, Round, "mine");

    static byte[] Url(string url) => Encoding.UTF8.GetBytes(new JsonObject { ["url"] = url }.ToJsonString());

    async Task<JsonNode> Ask(HttpMethod method, string route, byte[]? body, int status)
    {
        using var answer = await Send(method, route, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    async Task<HttpResponseMessage> Send(HttpMethod method, string route, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, new Uri("api/" + route, UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        return await http.SendAsync(request);
    }
}
