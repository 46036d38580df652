using System.Diagnostics.Metrics;
using System.Text.Json;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Hosting.Ready;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Functions.Tests.Seasons;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Backstake.Functions.Backing;
using Backstake.Season;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>The running app, its own words about itself, and the command with which it is asked, on the sandbox's servers.</summary>
public sealed class OpsTests(RunningApp running) : IClassFixture<RunningApp>
{
    static Task<(int Status, string Output, string Error)> Ops(AppProcess app, params string[] words) => RunningApp.Command(RunningApp.Key, ["ops", .. words, "--app", app.Address.ToString()]);

    [SkippableFact]
    public async Task WellApp_IsReady_AndSaysWhatItDid()
    {
        SeasonCollection.NeedContracts();
        await using var app = await running.StartApp();
        var ready = await Ops(app, "ready");
        Assert.Equal((0, ""), (ready.Status, ready.Error));
        Assert.EndsWith("ready", ready.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", ready.Output, StringComparison.Ordinal);
        Assert.All(new[] { "tables", "queues", "blobs", "chain", "finality", "vaults", "signer committer", "signer staker", "signer settler", "numerai", "numerai key" },
            look => Assert.Contains($"ok    {look}\n", ready.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal));

        foreach (var timer in AppProcess.Timers.Append("Measure"))
            Assert.True(await app.Fire(timer, default));
        await Until(app, health => health.GetProperty("running").GetInt32() == 0 && Count(health, "WatchVault", "finished") > 0);
        var status = await Ops(app, "status", "--json");
        Assert.Equal((0, ""), (status.Status, status.Error));
        var flows = JsonDocument.Parse(status.Output).RootElement.GetProperty("flows").EnumerateArray().ToDictionary(flow => flow.GetProperty("flow").GetString()!, StringComparer.Ordinal);
        Assert.Equal(["Backing", "Notifications", "Operations", "Releases", "Rounds", "Settlement", "Submissions", "Vaults"], flows.Keys.Order(StringComparer.Ordinal));
        Assert.All(new[] { "Rounds", "Backing", "Operations", "Vaults" }, flow => Assert.Equal(JsonValueKind.String, flows[flow].GetProperty("lastSuccess").ValueKind));
        Assert.Equal(JsonValueKind.Null, flows["Releases"].GetProperty("lastSuccess").ValueKind);
        var text = await Ops(app, "status");
        Assert.Equal((0, ""), (text.Status, text.Error));
        Assert.Contains("WatchChain", text.Output, StringComparison.Ordinal);
        Assert.Contains($"signer committer: {running.Ground.Wallet("committer").Address}", text.Output.ToLowerInvariant(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("factory read up to", text.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task WrongChain_IsRefused_ByReadyAndByTheFirstStep()
    {
        SeasonCollection.NeedContracts();
        const string sentence = "The node is on chain 31337, the app is set to chain 1: set Ethereum__RpcUrl to a node of chain 1, or correct Ethereum__ChainId.";
        await using var app = await running.StartApp(("Ethereum__ChainId", "1"));
        var ready = await Ops(app, "ready");
        Assert.Equal(1, ready.Status);
        Assert.Contains($"FAIL  chain: {sentence}", ready.Output, StringComparison.Ordinal);
        await app.Fire("WatchChain", default);
        await Until(app, health => Count(health, "WatchChain", "failed") > 0);
        await Until(app, _ => File.ReadAllText(app.LogFile).Contains(sentence, StringComparison.Ordinal));
        var status = await Ops(app, "status");
        Assert.Contains("wrongChain", status.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AddressWithoutContract_AndDeadNode_AreNamed()
    {
        SeasonCollection.NeedContracts();
        await using var empty = await running.StartApp(("Ethereum__Factory", "0x00000000000000000000000000000000000000aa"));
        Assert.Contains("FAIL  chain: There is no contract at 0x00000000000000000000000000000000000000aa on chain 31337", (await Ops(empty, "ready")).Output, StringComparison.Ordinal);
        await using var dead = await running.StartApp(("Ethereum__RpcUrl", "http://127.0.0.1:9/secret-of-the-provider"), ("Numerai__Endpoint", "http://127.0.0.1:9"));
        var ready = await Ops(dead, "ready");
        Assert.Contains("FAIL  chain: The Ethereum node doesn't answer", ready.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  numerai: Numerai can't be reached", ready.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-provider", ready.Output, StringComparison.Ordinal);
        Assert.Contains("ok    tables", ready.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task WrongSettings_EndTheStart_WithALineEach()
    {
        SeasonCollection.NeedContracts();
        var log = running.LogFile();
        var settings = running.Settings(("Ethereum__Factory", "0xaa"), ("Ethereum__StakerKey", ""));
        await Assert.ThrowsAsync<SeasonException>(() => AppProcess.Start(Backstake.Servers.FreePort.Next(), settings, RunningApp.Key, log, default));
        var lines = await File.ReadAllLinesAsync(log);
        Assert.Contains(lines, line => line.StartsWith("Ethereum__Factory isn't 0x and 40 hex digits: the vault factory.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Ethereum__StakerKey is missing", StringComparison.Ordinal));
        Assert.Equal(2, lines.Length);
    }

    [SkippableFact]
    public async Task Ops_NeedsItsKey_AndNeverSendsItInTheOpen()
    {
        SeasonCollection.NeedContracts();
        await using var app = await running.StartApp();
        var without = await RunningApp.Command(null, "ops", "ready", "--app", app.Address.ToString());
        Assert.Equal(1, without.Status);
        Assert.StartsWith("BACKSTAKE_OPS_KEY is not set", without.Error, StringComparison.Ordinal);
        var wrong = await RunningApp.Command("another", "ops", "ready", "--app", app.Address.ToString());
        Assert.Equal(1, wrong.Status);
        Assert.StartsWith("The app doesn't take the key", wrong.Error, StringComparison.Ordinal);
        var open = await RunningApp.Command(RunningApp.Key, "ops", "ready", "--app", "http://backstake.example");
        Assert.Equal((1, "backstake.example: the key is sent over https only."), (open.Status, open.Error.Trim()));
        var nobody = await RunningApp.Command(RunningApp.Key, "ops", "ready", "--app", "http://127.0.0.1:9");
        Assert.Equal(1, nobody.Status);
        Assert.Contains("can't be reached", nobody.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Measures_AreTaken_OfEverythingThatAlertsLookAt()
    {
        SeasonCollection.NeedContracts();
        await using var app = running.InProcess(new Transports());
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await app.GetRequiredService<FactoryWatcher>().Watch(default);
        await app.GetRequiredService<ChainWatcher>().Watch(running.Vault, default);

        var taken = await Taken(app);
        // A vault that has nothing to do with a round or a week yet has the measures of both, at zero.
        Assert.Equal(MeasureNames.All.Append(MeasureNames.Heartbeat).Order(StringComparer.Ordinal), taken.Select(it => it.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([(MeasureNames.BooksDiffer, 0L, "vault", running.Vault)], taken.Where(it => it.Name == MeasureNames.BooksDiffer));
        Assert.Equal([(MeasureNames.Unreadable, 0L, "vault", running.Vault)], taken.Where(it => it.Name == MeasureNames.Unreadable));
        Assert.Equal(VaultQueues.All.Count, taken.Count(it => it.Name == MeasureNames.QueuePoison && it.By == "queue"));
        Assert.All(taken.Where(it => it.Name == MeasureNames.SignerBalance), it => Assert.True(it.Value > 0));
        Assert.Equal(["committer", "settler", "staker"], taken.Where(it => it.Name == MeasureNames.SignerPending).Select(it => it.Subject).Order(StringComparer.Ordinal));
        Assert.Equal(1, taken.Single(it => it.Name == MeasureNames.Heartbeat).Value);
    }

    /// <summary>Everything that can be wrong beside a vault's own log, at once: each alert's measure says so.</summary>
    [SkippableFact]
    public async Task Measures_SayWhatIsWrong()
    {
        SeasonCollection.NeedContracts();
        await using var app = running.InProcess(new Transports(), ("Ethereum__SettlerKey", "https://kv-test.vault.azure.net/keys/settler/0123456789abcdef0123456789abcdef")); // nobody is signed in here
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        var storage = app.GetRequiredService<StorageClients>();
        var (node, signers) = (app.GetRequiredService<EthereumNode>(), app.GetRequiredService<Signers>());
        var (committer, staker) = ((await signers.Of(Role.Committer, default)).Address, (await signers.Of(Role.Staker, default)).Address);
        await app.GetRequiredService<Quarantine>().Keep(VaultQueues.Collects, "kept", "{}", "for the test", DateTimeOffset.UnixEpoch, default);
        await storage.Queues.GetQueueClient("submissions-poison").CreateIfNotExistsAsync();
        await storage.Queues.GetQueueClient("submissions-poison").SendMessageAsync("{}");
        await node.Web3.Client.SendRequestAsync("anvil_setBalance", null, committer, "0x1");
        await app.GetRequiredService<OutboxTable>().Put(staker, new SignerHead(3, 0, "for the test", default), default);
        await app.GetRequiredService<FlowTimes>().Succeeded("Sweep", default);
        ((RunningApp.LateClock)app.GetRequiredService<TimeProvider>()).Late = TimeSpan.FromHours(2);

        var taken = await Taken(app);
        long Of(string name, string subject) => taken.Single(it => it.Name == name && it.Subject == subject).Value;
        Assert.Equal((1, 0), (Of(MeasureNames.Quarantined, "collects"), Of(MeasureNames.Quarantined, "watch")));
        Assert.Equal((1, 0), (Of(MeasureNames.QueuePoison, "submissions"), Of(MeasureNames.QueuePoison, "watch")));
        Assert.Equal(0, Of(MeasureNames.SignerBalance, "committer"));
        Assert.True(Of(MeasureNames.SignerBalance, "staker") > 50_000_000);
        Assert.Equal((1, 0), (Of(MeasureNames.SignerHalted, "staker"), Of(MeasureNames.SignerHalted, "committer")));
        Assert.Equal(3, Of(MeasureNames.SignerPending, "staker"));
        Assert.Equal((1, 0), (Of(MeasureNames.SignerUnavailable, "settler"), Of(MeasureNames.SignerUnavailable, "staker")));
        Assert.InRange(Of(MeasureNames.FlowIdle, "Sweep"), 119, 125);
        Assert.True(Of(MeasureNames.FinalAge, "node") > 60);
        Assert.Equal(1, taken.Single(it => it.Name == MeasureNames.Heartbeat).Value);

        await node.Web3.Client.SendRequestAsync("anvil_setBalance", null, committer, "0x56bc75e2d63100000");
        await app.GetRequiredService<Quarantine>().Forget(VaultQueues.Collects, "kept", default);
        await storage.Queues.GetQueueClient("submissions-poison").DeleteIfExistsAsync();
        await storage.Tables.GetTableClient(OutboxTable.TableName).DeleteEntityAsync(OutboxTable.Partition(staker), "head", Azure.ETag.All);
    }

    /// <summary>On the main network NMR is known: a vault of another token is named by ready, and no step touches it.</summary>
    [SkippableFact]
    public async Task VaultOfAnotherToken_IsRefused_OnTheMainNetwork()
    {
        SeasonCollection.NeedContracts();
        await using var app = running.InProcess(new Transports(null, null, new MainNetwork()), ("Ethereum__ChainId", "1"));
        var identity = app.GetRequiredService<ChainIdentity>();
        Assert.Null(await identity.Problem(default));
        var sentence = $"Vault {running.Vault} holds {running.Ground.Nmr.ToLowerInvariant()}, which isn't NMR (0x1776e1F26f98b1A5dF9cD347953a26dd3Cb46671): have nothing to do with it.";
        Assert.Equal(sentence, await identity.ProblemOf(running.Vault, default), ignoreCase: true);
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await app.GetRequiredService<VaultRegistry>().Add(new(running.Vault, 8, Guid.Empty.ToString()), default);
        var checks = await Task.WhenAll(app.GetRequiredService<ChainReady>().Checks(default));
        Assert.Equal(sentence, checks.Single(check => check.Name == "vaults").Problem, ignoreCase: true);
        var refused = await Assert.ThrowsAsync<WrongChainException>(() => new RefuseWrongChain(identity).Invoke(new Invocation("WatchVault", new() { ["Vault"] = running.Vault }), _ => Task.CompletedTask));
        Assert.Equal(sentence, refused.Message, ignoreCase: true);
    }

    /// <summary>A node that says that it is of the main network.</summary>
    sealed class MainNetwork() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            var call = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(stop)).RootElement;
            return call.ValueKind == JsonValueKind.Object && call.GetProperty("method").GetString() == "eth_chainId"
                ? new(System.Net.HttpStatusCode.OK) { Content = new StringContent($$"""{"jsonrpc":"2.0","id":{{call.GetProperty("id").GetRawText()}},"result":"0x1"}""", System.Text.Encoding.UTF8, "application/json") }
                : await base.SendAsync(request, stop);
        }
    }

    static async Task<List<(string Name, long Value, string By, string Subject)>> Taken(ServiceProvider app)
    {
        var taken = new List<(string Name, long Value, string By, string Subject)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Meter.Name == Meters.Name && instrument.Meter.Scope == app.GetRequiredService<IMeterFactory>())
                its.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => taken.Add((instrument.Name, value, tags.Length == 0 ? "" : tags[0].Key, tags.Length == 0 ? "" : $"{tags[0].Value}")));
        listener.Start();
        await app.GetRequiredService<MeasureFunctions>().Measure(new TimerInfo(), default);
        return taken;
    }

    static int Count(JsonElement health, string function, string what) =>
        health.GetProperty("functions").TryGetProperty(function, out var runs) ? runs.GetProperty(what).GetInt32() : 0;

    static async Task Until(AppProcess app, Func<JsonElement, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds(await app.Get("api/health", limit.Token)))
            await Task.Delay(20, limit.Token);
    }
}
