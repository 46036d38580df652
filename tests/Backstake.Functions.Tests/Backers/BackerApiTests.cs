using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Backers;

/// <summary>What backers ask over HTTP, of the app as a process of its own: signing in, their own and nobody else's positions, statements, payments and exports.</summary>
[Collection(StorageGround.Collection)]
public sealed class BackerApiTests(ApiGround ground) : IClassFixture<ApiGround>
{
    static readonly string[] Own = ["positions", "vaults/{vault}/position", "vaults/{vault}/statements/2", "vaults/{vault}/payments", "tax/2026", "auth/session", "auth/keys"];

    [Fact]
    public async Task SigningIn_GivesASession_ThatMakesAndRevokesKeys()
    {
        var token = await SignIn(IdentityGround.Anna);
        var address = IdentityGround.AddressOf(IdentityGround.Anna);
        Assert.Equal(address, (await Json(HttpMethod.Get, "auth/session", token))["address"]!.GetValue<string>());

        var made = await Json(HttpMethod.Post, "auth/keys", token, new JsonObject { ["name"] = "mine", ["scopes"] = new JsonArray("read") }, HttpStatusCode.Created);
        var (key, id) = (made["key"]!.GetValue<string>(), made["id"]!.GetValue<string>());
        Assert.Equal(["read"], (await Json(HttpMethod.Get, "auth/session", key))["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        await Json(HttpMethod.Get, "positions", key);
        Assert.Equal("scopeMissing", await Code(HttpMethod.Get, "auth/keys", key, HttpStatusCode.Forbidden));
        var listed = (await Json(HttpMethod.Get, "auth/keys", token)).ToJsonString();
        Assert.Contains(id, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^43..], listed, StringComparison.Ordinal);

        Assert.Equal("unknownKey", await Code(HttpMethod.Delete, $"auth/keys/{id}", await SignIn(IdentityGround.Bert), HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, $"auth/keys/{id}", token)).StatusCode);
        Assert.Equal("notSignedIn", await Code(HttpMethod.Get, "positions", key, HttpStatusCode.Unauthorized));

        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, "auth/session", token)).StatusCode);
        Assert.Equal("notSignedIn", await Code(HttpMethod.Get, "auth/session", token, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task ASignatureOfAnother_SignsNobodyIn()
    {
        var asked = await Json(HttpMethod.Post, "auth/nonce", null, new JsonObject { ["address"] = IdentityGround.AddressOf(IdentityGround.Anna) });
        var message = asked["message"]!.GetValue<string>().Replace("Chain ID: 31337", "Chain ID: 1", StringComparison.Ordinal);
        using var answer = await Send(HttpMethod.Post, "auth/sessions", null, new JsonObject { ["message"] = message, ["signature"] = IdentityGround.Sign(message, IdentityGround.Anna) });
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.Unauthorized, "signInRefused", "wrongChain"), (answer.StatusCode, problem["code"]!.GetValue<string>(), problem["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task WhatIsSomebodysOwn_NobodyElseSees()
    {
        var (anna, bert) = (await ground.SessionOf(History.Anna.Address), await ground.SessionOf(StorageGround.NewVault()));
        var submitsOnly = await ground.KeyOf(History.Anna.Address, ApiScope.Submit(ground.Vault));
        foreach (var route in Own.Select(route => route.Replace("{vault}", ground.Vault, StringComparison.Ordinal)))
        {
            using var nobody = await Send(HttpMethod.Get, route, null);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (nobody.StatusCode, nobody.Headers.WwwAuthenticate.ToString()));
            Assert.Equal(HttpStatusCode.Unauthorized, (await Send(HttpMethod.Get, route, anna[..^1] + (anna[^1] == 'A' ? 'B' : 'A'))).StatusCode);
            Assert.Equal(route.StartsWith("auth/session", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await Send(HttpMethod.Get, route, submitsOnly)).StatusCode);
            using var other = await Send(HttpMethod.Get, route, bert);
            Assert.DoesNotContain(History.Anna.Address, await other.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Get, route, anna)).StatusCode);
        }

        Assert.Equal("noStatement", await Code(HttpMethod.Get, $"vaults/{ground.Vault}/statements/2", bert, HttpStatusCode.NotFound));
        Assert.Empty((await Json(HttpMethod.Get, "positions", bert))["vaults"]!.AsArray());
    }

    [Fact]
    public async Task APosition_AddsUp_AndIsTheBooks()
    {
        var position = await Json(HttpMethod.Get, $"vaults/{ground.Vault}/position", await ground.SessionOf(History.Anna.Address));
        Assert.Equal(("31", "10"), (Text(position, "worth"), Text(position, "waiting")));
        Assert.Equal(["waiting", "live"], position["holdings"]!.AsArray().Select(holding => Text(holding!, "state")));
        string[] parts = ["waiting", "atRisk", "forOwner", "staying", "releasable", "payable"];
        Assert.Equal(Text(position, "worth"), parts.Aggregate(Nmr.Zero, (sum, part) => sum + Amount(position, part)).ToString());
        Assert.Equal("2", position["asOf"]!["week"]!.ToString());
        Assert.Equal(2, position["rounds"]![0]!["round"]!.GetValue<int>());
        // Other tests' vaults are in the same storage, and Anna has units of theirs too.
        var all = await Json(HttpMethod.Get, "positions", await ground.SessionOf(History.Anna.Address));
        var vaults = all["vaults"]!.AsArray();
        Assert.Equal("31", Text(vaults.Single(one => Text(one!, "vault") == ground.Vault)!, "worth"));
        Assert.Equal(Text(all["totals"]!, "worth"), vaults.Aggregate(Nmr.Zero, (sum, one) => sum + Amount(one!, "worth")).ToString());
    }

    [Fact]
    public async Task AStatement_IsTheSame_AsJsonCsvAndPage()
    {
        var (anna, route) = (await ground.SessionOf(History.Anna.Address), $"vaults/{ground.Vault}/statements/2");
        var json = await Json(HttpMethod.Get, route, anna);
        Assert.Equal(("20", "1", "0", "21"), (Text(json, "opening"), Text(json, "income"), Text(json, "paid"), Text(json, "closing")));
        Assert.Matches("^[0-9a-f]{64}$", Text(json["proof"]!, "booksDigest"));

        using var csv = await Send(HttpMethod.Get, route + "?format=csv", anna);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        Assert.Equal("vault,model,week,terms,entryWeek,payout,units,opening,bought,takenBack,received,handedOn,result,cover,ownerShare,upfrontFee,paid,closing", lines[0]);
        Assert.Equal($"{ground.Vault},A_MODEL,2,{History.TermsOne},1,compound,2,20,0,0,0,0,1,0,0,0,0,21", Assert.Single(lines[1..]));

        using var page = await Send(HttpMethod.Get, route + "?format=html", anna);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("size: A4", html, StringComparison.Ordinal);
        Assert.Contains(Text(json["proof"]!, "booksRoot"), html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("style-src 'sha256-", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        Assert.Equal("malformed", await Code(HttpMethod.Get, route + "?format=pdf", anna, HttpStatusCode.BadRequest));
        Assert.Equal("unknownWeek", await Code(HttpMethod.Get, $"vaults/{ground.Vault}/statements/3", anna, HttpStatusCode.NotFound));
        using var again = new HttpRequestMessage(HttpMethod.Get, "api/" + route);
        again.Headers.Authorization = new AuthenticationHeaderValue("Bearer", anna);
        again.Headers.IfNoneMatch.Add((await Send(HttpMethod.Get, route, anna)).Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await ground.Http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task AnExport_IsACsvOfTheYear()
    {
        var anna = await ground.SessionOf(History.Anna.Address);
        using var year = await Send(HttpMethod.Get, "tax/2026?basis=accrual&layout=neutral", anna);
        Assert.Contains($",income,,1,,{ground.Vault},A_MODEL,", await year.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var before = await Send(HttpMethod.Get, "tax/2025", anna);
        Assert.Contains(",deposit,20,,,", await before.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("malformed", await Code(HttpMethod.Get, "tax/2026?layout=excel", anna, HttpStatusCode.BadRequest));
        Assert.Equal("malformed", await Code(HttpMethod.Get, "tax/2026?basis=hope", anna, HttpStatusCode.BadRequest));
    }

    /// <summary>The books refuse before any node is asked: here there is none.</summary>
    [Theory]
    [InlineData("""{"act":"exit","terms":"TERMS","entryWeek":1,"units":3}""", "notEnoughUnits", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"deposit","terms":"other","units":1}""", "unknownTerms", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"deposit","terms":"TERMS","units":0}""", "unitsNotPositive", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"cancelExit","terms":"TERMS","entryWeek":1,"units":1}""", "notEnoughUnits", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"exit","terms":"TERMS","entryWeek":9,"units":1}""", "unknownSeries", HttpStatusCode.Conflict)]
    [InlineData("""{"act":"deposit","terms":"TERMS","units":1000001}""", "malformed", HttpStatusCode.BadRequest, "units")]
    [InlineData("""{"act":"exit","terms":"TERMS","entryWeek":1,"units":1,"backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "malformed", HttpStatusCode.BadRequest, "backer")]
    [InlineData("""{"act":"claim"}""", "unavailable", HttpStatusCode.ServiceUnavailable)]
    public async Task AnAct_IsRefusedByTheBooksFirst(string act, string code, HttpStatusCode status, string? param = null)
    {
        var body = JsonNode.Parse(act.Replace("TERMS", History.TermsOne, StringComparison.Ordinal))!.AsObject();
        using var answer = await Send(HttpMethod.Post, $"vaults/{ground.Vault}/transactions", await ground.SessionOf(History.Anna.Address), body);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, code, param), (answer.StatusCode, problem["code"]!.GetValue<string>(), problem["param"]?.GetValue<string>()));
    }

    static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    static Nmr Amount(JsonNode node, string name) => Nmr.TryParse(Text(node, name), out var amount) ? amount : throw new FormatException(name);

    async Task<string> SignIn(EthECKey key)
    {
        var asked = await Json(HttpMethod.Post, "auth/nonce", null, new JsonObject { ["address"] = IdentityGround.AddressOf(key) });
        var message = Text(asked, "message");
        Assert.StartsWith("localhost:7071 wants you to sign in", message, StringComparison.Ordinal);
        var begun = await Json(HttpMethod.Post, "auth/sessions", null, new JsonObject { ["message"] = message, ["signature"] = IdentityGround.Sign(message, key) }, HttpStatusCode.Created);
        return Text(begun, "token");
    }

    async Task<JsonNode> Json(HttpMethod method, string route, string? token, JsonObject? body = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await Send(method, route, token, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, text);
        return JsonNode.Parse(text)!;
    }

    async Task<string> Code(HttpMethod method, string route, string token, HttpStatusCode status) => (await Json(method, route, token, status: status))["code"]!.GetValue<string>();

    async Task<HttpResponseMessage> Send(HttpMethod method, string route, string? token, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, "api/" + route);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await ground.Http.SendAsync(request);
    }
}
