using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Chain.Vault;
using Backstake.Functions.Hosting;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Seasons;
using Backstake.Season;
using Microsoft.Extensions.DependencyInjection;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Offers;

/// <summary>A vault from its first transaction on, as owner, guardian and backer act: prepared by the API and the command, found by the watcher, paused and lifted, on the sandbox's servers.</summary>
public sealed class CreatedVaultTests(RunningApp running) : IClassFixture<RunningApp>, IDisposable
{
    const string Password = "correct horse";
    readonly string folder = Directory.CreateTempSubdirectory("backstake-created-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SkippableFact]
    public async Task AVault_IsCreated_Found_Paused_AndLifted()
    {
        SeasonCollection.NeedContracts();
        await using var app = await running.StartApp(("Identity__Origin", "https://backstake.example"));
        using var http = app.Client();
        var (owner, guardian, backer) = (await Funded("a new owner", 0), await Funded("a guardian", 0), await Funded("a new backer", 100));
        var model = Guid.NewGuid();
        string[] create = ["vault", "create", "--app", $"{app.Address}", "--rpc", $"{running.Ground.Node}", "--owner", owner.Address, "--guardian", guardian.Address, "--model", $"{model}", "--tournament", "8"];

        // App and command prepare the same call, and say the same address; only --send sends it.
        var asked = $$"""{"act":"createVault","owner":"{{owner.Address.ToLowerInvariant()}}","guardian":"{{guardian.Address.ToLowerInvariant()}}","modelId":"{{model}}","tournament":8}""";
        var prepared = Ok(await Post(http, "api/factory/transactions", asked));
        var vault = (string)prepared["vault"]!;
        Assert.Equal((0, "found ownership terms"), (prepared["warnings"]!.AsArray().Count, string.Join(' ', prepared["next"]!.AsArray().Select(next => (string)next!["step"]!))));
        var dry = Done(await Command("owner", owner, [.. create, "--json"]));
        Assert.Equal((vault, (string)prepared["transactions"]![0]!["data"]!, 0), ((string)dry["vault"]!, (string)dry["transactions"]![0]!["data"]!, dry["sent"]!.AsArray().Count));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"api/vaults/{vault}", UriKind.Relative))).StatusCode);
        var sent = await Command("owner", owner, [.. create, "--send"]);
        Assert.True(sent.Status == 0, sent.Error);
        Assert.Contains($"The vault is {vault}.", sent.Output, StringComparison.Ordinal);
        Refused(await Command("owner", owner, create), "failedDeployment: ");
        Assert.Equal("failedDeployment", (string)Refused(await Post(http, "api/factory/transactions", asked), "chainRefuses")["reason"]!);
        await Watched(app, http, vault, state => (string)state["owner"]! == owner.Address.ToLowerInvariant());
        Assert.Contains(vault, (await Command("", null, ["vaults", "--app", $"{app.Address}"])).Output, StringComparison.Ordinal);

        // Somebody waits in it.
        var terms = new VaultTerms { UnitSize = SeasonTerms.Wei(10), ProfitShareBps = 1_000, CompoundingWeeks = 4 };
        await owner.Send(vault, new OfferFunction { Terms = terms, Signature = Convert.FromHexString(SignedTerms.Sign(terms, vault, Ground.ChainId, new EthECKey(owner.Account.PrivateKey))[2..]) }, default);
        var id = SignedTerms.Id(terms, vault);
        await backer.Approve(running.Ground.Nmr, vault, SeasonTerms.Wei(20), default);
        await backer.Send(vault, Deposit(id, 2), default);
        await Watched(app, http, vault, state => state["terms"]!.AsArray().Count == 1);
        var (key, deposit) = (await KeyOf(backer), $$"""{"act":"deposit","terms":"{{id}}","units":1}""");
        Ok(await Post(http, $"api/vaults/{vault}/transactions", deposit, key));

        // The guardian pauses deposits: the backer hears it from app, command and contract, and takes back what waits.
        string[] where = ["--vault", vault, "--rpc", $"{running.Ground.Node}"];
        Refused(await Command("backer", backer, ["pause", .. where, "--deposits", "on", "--by", backer.Address, "--send"]), "notAllowed: Only the owner");
        Refused(await Command("", null, ["pause", .. where, "--deposits", "off"]), "nothingChanges: ");
        var paused = await Command("guardian", guardian, ["pause", .. where, "--deposits", "on", "--by", guardian.Address, "--send"]);
        Assert.True(paused.Status == 0, paused.Error);
        Assert.Equal(("stopped", 409), Reason(await Post(http, $"api/vaults/{vault}/transactions", deposit, key)));
        await Watched(app, http, vault, state => state["paused"]!.ToJsonString() == """{"deposits":true,"staking":false}""");
        Assert.Contains("""paused                {"deposits":true,"staking":false}""", (await Command("", null, ["vault", vault, "--app", $"{app.Address}"])).Output, StringComparison.Ordinal);
        Assert.Contains("Deposits are paused; staking, exits and claims go on", await http.GetStringAsync(new Uri($"api/vaults/{vault}/feed", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal("stopped", (await Assert.ThrowsAsync<RefusedException>(() => backer.Send(vault, Deposit(id, 1), default))).Message);
        string[] backs = ["--app", $"{app.Address}", .. where, "--backer", backer.Address, "--terms", id, "--units", "1"];
        Refused(await Command("backer", backer, ["deposit", .. backs]), "stopped: The vault's owner or guardian paused deposits");
        var cancelled = await Command("backer", backer, ["cancel", .. backs, "--send"]);
        Assert.True(cancelled.Status == 0, cancelled.Error);

        // The owner pauses staking, too, then lifts everything.
        Refused(await Post(http, $"api/vaults/{vault}/owner/transactions", """{"act":"pause","deposits":true}"""), "nothingChanges");
        var stranger = Refused(await Post(http, $"api/vaults/{vault}/owner/transactions", $$"""{"act":"pause","deposits":false,"by":"{{backer.Address.ToLowerInvariant()}}"}"""), "chainRefuses");
        Assert.Equal(("notAllowed", "by"), ((string)stranger["reason"]!, (string)stranger["param"]!));
        Assert.Equal(["true", "true"], Arguments(Ok(await Post(http, $"api/vaults/{vault}/owner/transactions", """{"act":"pause","staking":true}"""))));
        Assert.Equal(["false", "false"], Arguments(Ok(await Post(http, $"api/vaults/{vault}/owner/transactions", """{"act":"pause","deposits":false,"staking":false}"""))));
        Refused(await Post(http, $"api/vaults/{vault}/owner/transactions", """{"act":"pause"}"""), "malformed");
        Assert.Equal(0, (await Command("owner", owner, ["pause", .. where, "--staking", "on", "--send"])).Status);
        await Watched(app, http, vault, state => state["paused"]!.ToJsonString() == """{"deposits":true,"staking":true}""");
        Assert.Equal(0, (await Command("owner", owner, ["pause", .. where, "--deposits", "off", "--staking", "off", "--send"])).Status);
        await Watched(app, http, vault, state => state["paused"]!.ToJsonString() == """{"deposits":false,"staking":false}""");
        Ok(await Post(http, $"api/vaults/{vault}/transactions", deposit, key));
    }

    /// <summary>What is changed of a good order, and what it is refused with.</summary>
    [SkippableFact]
    public async Task WhatTheFactoryWouldRefuse_IsToldByField()
    {
        SeasonCollection.NeedContracts();
        await using var app = await running.StartApp();
        using var http = app.Client();
        var offered = JsonNode.Parse(await http.GetStringAsync(new Uri("api/factory", UriKind.Relative)))!;
        var (ours, owner) = (offered["signers"]!, running.Ground.Wallet("somebody").Address.ToLowerInvariant());
        Assert.Equal((running.Ground.Factory.ToLowerInvariant(), running.Ground.Stakers.ToLowerInvariant(), running.Ground.Nmr.ToLowerInvariant()), ((string)offered["factory"]!, (string)offered["stakers"]!, (string)offered["nmr"]!));
        Assert.Equal([running.Ground.Stakers.ToLowerInvariant(), running.Ground.NextStakers.ToLowerInvariant()], offered["announced"]!.AsArray().Select(one => (string)one!["address"]!));
        (string Field, JsonNode Value, string Code, string? Reason)[] wrong =
        [
            ("owner", "0x00000000000000000000000000000000000f4240", "badVault", null),
            ("committer", "0x0000000000000000000000000000000000000000", "badVault", null),
            ("staker", (string)ours["committer"]!, "badVault", null),
            ("settler", (string)ours["staker"]!, "badVault", null),
            ("firstCut", "2025-12-30T11:59:59Z", "badVault", null),
            ("windowSeconds", 3_599, "badVault", null),
            ("windowSeconds", 432_001, "badVault", null),
            ("stakers", owner, "unknownStakers", null),
            ("stakers", running.Ground.NextStakers.ToLowerInvariant(), "unknownStakers", "comes on the list of the vault's factory at 2026-01-13T"),
            ("nmr", owner, "notNmr", null),
            ("nmr", running.Ground.Staking.ToLowerInvariant(), "notNmr", null),
            ("modelId", "A_MODEL", "malformed", null),
            ("tournament", 0, "malformed", null),
            ("firstCut", "Sunday", "malformed", null),
            ("act", "create", "malformed", null),
            ("name", "mine", "malformed", null),
        ];
        foreach (var (field, value, code, reason) in wrong)
        {
            var order = Order(owner);
            order[field] = value.DeepClone();
            var problem = Refused(await Post(http, "api/factory/transactions", order.ToJsonString()), code);
            Assert.Equal((field, true), ((string)problem["param"]!, reason is null || ((string)problem["detail"]!).Contains(reason, StringComparison.Ordinal)));
        }

        // At their limits they are taken, by the factory itself.
        foreach (var (field, value) in new (string, JsonNode)[] { ("owner", "0x00000000000000000000000000000000000f4241"), ("windowSeconds", 3_600), ("windowSeconds", 432_000) })
        {
            var order = Order(owner);
            order[field] = value;
            Ok(await Post(http, "api/factory/transactions", order.ToJsonString()));
        }
    }

    /// <summary>The factory would take it; this app couldn't run it.</summary>
    [SkippableFact]
    public async Task WhatThisAppCouldNotRun_IsPrepared_WithAWarning()
    {
        SeasonCollection.NeedContracts();
        await using var app = await running.StartApp();
        using var http = app.Client();
        await Watched(app, http, running.Vault, _ => true);
        var owner = running.Ground.Wallet("somebody").Address.ToLowerInvariant();
        var order = Order(owner);
        (order["modelId"], order["tournament"], order["staker"]) = ((string)(await Vault(http, running.Vault))!["modelId"]!, 12, owner);
        var prepared = Ok(await Post(http, "api/factory/transactions", order.ToJsonString()));
        Assert.Equal(["modelTaken modelId", "tournamentNotFollowed tournament", "notOurKey staker"], prepared["warnings"]!.AsArray().Select(one => $"{one!["code"]} {one["param"]}"));
        Assert.Contains(running.Vault, (string)prepared["warnings"]![0]!["text"]!, StringComparison.Ordinal);
    }

    static JsonObject Order(string owner) => new() { ["act"] = "createVault", ["owner"] = owner, ["modelId"] = "99999999-2222-3333-4444-555555555555", ["tournament"] = 8 };

    static DepositFunction Deposit(string terms, ulong units) => new() { Terms = Convert.FromHexString(terms), Units = units, JoinWeek = 1 };

    async Task<Wallet> Funded(string name, long nmr)
    {
        var wallet = running.Ground.Wallet(name);
        await wallet.Fund(running.Ground.Nmr, SeasonTerms.Wei(nmr), default);
        return wallet;
    }

    async Task<string> KeyOf(Wallet holder)
    {
        await using var services = running.InProcess(new Transports());
        return (await services.GetRequiredService<ApiKeys>().Make(holder.Address.ToLowerInvariant(), "key", [ApiScope.ReadOwn], null, default))!.Value.Text;
    }

    /// <summary>Everything that was sent is final, and the watcher has looked, until the vault is as it should be.</summary>
    async Task Watched(AppProcess app, HttpClient http, string vault, Func<JsonNode, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await running.Ground.MineNow(limit.Token);
        Assert.True(await app.Fire("WatchChain", limit.Token));
        while (await Vault(http, vault) is not { } state || !holds(state)) await Task.Delay(20, limit.Token);
    }

    static async Task<JsonNode?> Vault(HttpClient http, string vault)
    {
        using var answer = await http.GetAsync(new Uri($"api/vaults/{vault}", UriKind.Relative));
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    static async Task<(HttpStatusCode Status, JsonNode Body)> Post(HttpClient http, string route, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    static JsonNode Ok((HttpStatusCode Status, JsonNode Body) answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToJsonString());
        return answer.Body;
    }

    static JsonNode Refused((HttpStatusCode Status, JsonNode Body) answer, string code)
    {
        Assert.True((string?)answer.Body["code"] == code, answer.Body.ToJsonString());
        return answer.Body;
    }

    static (string? Reason, int Status) Reason((HttpStatusCode Status, JsonNode Body) answer) => ((string?)answer.Body["reason"], (int)answer.Status);

    static IEnumerable<string> Arguments(JsonNode prepared) => prepared["transactions"]![0]!["arguments"]!.AsArray().Select(argument => (string)argument!["value"]!);

    /// <summary>The command as its user runs it; with a wallet, its keystore goes where <c>--send</c> is.</summary>
    async Task<(int Status, string Output, string Error)> Command(string name, Wallet? wallet, IReadOnlyList<string> arguments)
    {
        if (wallet is null || !arguments.Contains("--send")) return await RunningApp.Command(null, [.. arguments]);
        var keystore = Path.Combine(folder, $"{name}.json");
        KeystoreFile.Write(keystore, wallet.Account.PrivateKey, Password);
        return await RunningApp.Command(null, [("BACKSTAKE_KEYSTORE_PASSWORD", Password)], [.. arguments, "--keystore", keystore]);
    }

    static JsonNode Done((int Status, string Output, string Error) run)
    {
        Assert.True(run.Status == 0, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    static void Refused((int Status, string Output, string Error) run, string begins) =>
        Assert.True(run.Status == 3 && run.Error.StartsWith(begins, StringComparison.Ordinal), $"{run.Status}: {run.Error}{run.Output}");
}
