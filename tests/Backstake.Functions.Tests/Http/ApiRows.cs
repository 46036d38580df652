using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>Rows of the fault table's group J (Rows.md); cases are generated from openapi.json, so a new route is in them.</summary>
[Collection(StorageGround.Collection)]
public sealed class ApiRows(ApiGround ground) : IClassFixture<ApiGround>
{
    static IEnumerable<DocumentedOperation> Called => OpenApi.Operations.Where(it => it.Method is "GET" or "POST" or "PUT" or "DELETE");

    [Fact]
    public async Task J_01_OthersIds_AreAnsweredAsThoseThatAreNotThere()
    {
        foreach (var operation in Called.Where(it => it.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            var answers = new List<(HttpStatusCode Status, string? Code, int Length)>();
            foreach (var id in new[] { DocumentedCall.NoVault, DocumentedCall.NoVault.Replace("ff", "fe", StringComparison.Ordinal), "%27%20or%201%20eq%20%27" + DocumentedCall.NoVault[16..] })
            {
                using var answer = await new DocumentedCall(operation, id) { Key = ApiGround.Key, Bearer = await ground.SessionOf(History.Owner) }.Send(ground.Http);
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
                answers.Add((answer.StatusCode, (string?)problem?["code"], problem is null ? 0 : ((string)problem["detail"]!).Replace(Uri.UnescapeDataString(id), "", StringComparison.Ordinal).Length));
            }

            Assert.True(answers[0].Status == HttpStatusCode.NotFound, $"{operation.Id}: {answers[0]}");
            Assert.True(answers.Distinct().Count() == 1, $"{operation.Id}: {string.Join(' ', answers)}");
        }
    }

    /// <summary>Every route × role: openapi.json says whom a route is for, and everybody else is refused in the same words, told nothing, and changes nothing.</summary>
    [Fact]
    public async Task J_01_J_02_EveryRoute_IsForThoseItNames_AndForNobodyElse()
    {
        var (vault, other) = (await History.TwoWeeks(ground.Machine), StorageGround.NewVault());
        await ground.Machine.Append(other, History.Added(other) with { Event = (VaultAdded)History.Added(other).Event with { Owner = "0x00000000000000000000000000000000000000ab" } });
        await ground.Register(vault);
        await ground.Register(other);
        var roles = new Dictionary<string, Func<Task<string?>>>(StringComparer.Ordinal)
        {
            ["nobody"] = () => Task.FromResult<string?>(null),
            ["operator"] = () => Task.FromResult<string?>(null), // has the function key, and nothing else
            ["stranger"] = async () => await ground.SessionOf(StorageGround.NewVault()),
            ["owner of another"] = async () => await ground.SessionOf("0x00000000000000000000000000000000000000ab"),
            ["delegate of another"] = async () => await ground.KeyOf(History.Owner.Replace("aa", "ac", StringComparison.Ordinal), ApiScope.Submit(vault)), // anybody can make such a key
            ["backer"] = async () => await ground.SessionOf(History.Anna.Address),
            ["owner"] = async () => await ground.SessionOf(History.Owner),
        };
        // A holder has twenty keys at most: these two are used for every route.
        var (reader, delegated) = (await ground.KeyOf(History.Anna.Address, ApiScope.ReadOwn), await ground.KeyOf(History.Owner, ApiScope.Submit(vault)));
        (roles["reader"], roles["delegate"]) = (() => Task.FromResult<string?>(reader), () => Task.FromResult<string?>(delegated));
        var foreign = await roles["delegate of another"]();
        roles["delegate of another"] = () => Task.FromResult(foreign);

        // Who may comes last: a refused call must have changed nothing.
        var wrong = new List<string>();
        foreach (var operation in Called.OrderBy(it => it.Id, StringComparer.Ordinal))
        {
            foreach (var (role, token) in roles.OrderBy(it => Expected(operation, it.Key) is null))
            {
                var events = (await ground.Machine.ReadAll(vault)).Count;
                using var answer = await new DocumentedCall(operation, vault) { Key = role == "operator" ? ApiGround.Key : null, Bearer = await token() }.Send(ground.Http);
                var text = await answer.Content.ReadAsStringAsync();
                var code = text.StartsWith('{') ? (string?)JsonNode.Parse(text)!["code"] : answer.StatusCode == HttpStatusCode.Unauthorized ? "key" : null;
                var expected = Expected(operation, role);
                if (expected is null ? code is "notSignedIn" or "scopeMissing" or "notDelegate" or "key" : code != expected)
                    wrong.Add($"{operation.Id} by {role}: {(int)answer.StatusCode} {code}, not {expected ?? "let in"}");
                if (operation.BearerRoles is not null && role is not ("backer" or "reader") && text.Contains(History.Anna.Address, StringComparison.OrdinalIgnoreCase))
                    wrong.Add($"{operation.Id} by {role}: tells of somebody else");
                if (expected is not null && (await ground.Machine.ReadAll(vault)).Count != events)
                    wrong.Add($"{operation.Id} by {role}: was refused, and changed something");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The code with which the route refuses the role; null: it lets it in.</summary>
    static string? Expected(DocumentedOperation operation, string role) =>
        operation.NeedsKey ? role == "operator" ? null : "key"
        : operation.BearerRoles is not { } asked ? null
        : role is "nobody" or "operator" ? "notSignedIn"
        : asked is [] ? null
        : asked[0] switch
        {
            "session" or "notify" => role is "reader" or "delegate" or "delegate of another" ? "scopeMissing" : null,
            "read" => role is "delegate" or "delegate of another" ? "scopeMissing" : null,
            "submit" => role is "owner" or "delegate" ? null : "notDelegate",
            var one => throw new NotSupportedException(one),
        };

    [Fact]
    public async Task J_02_OperatorsRoutes_NeedTheKey_AndTellNothingWithout()
    {
        var kept = Called.Where(it => it.NeedsKey).ToList();
        Assert.True(kept.Count >= 8);
        foreach (var operation in kept)
        {
            foreach (var key in new[] { null, "", "wrong", ApiGround.Key[..^1] })
            {
                foreach (var vault in new[] { ground.Vault, DocumentedCall.NoVault })
                {
                    using var answer = await new DocumentedCall(operation, vault) { Key = key }.Send(ground.Http);
                    Assert.Equal((HttpStatusCode.Unauthorized, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
                    using var inAddress = await ground.Http.GetAsync(Address($"api/status?code={key}"));
                    Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
                }
            }
        }

        foreach (var function in OpenApi.Operations.Select(it => it.Id).Append("Sweep"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address($"admin/functions/{function}")) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
            using var answer = await ground.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        // A key in the address works, as the host has it, but stands in no log and in no answer.
        using var open = await ground.Http.GetAsync(Address($"api/ops/quarantine?code={ApiGround.Key}"));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.DoesNotContain(ApiGround.Key, ground.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J_03_FieldsThatAreNotAsked_AreRefused_InEveryBody()
    {
        var bodies = Called.Where(it => DocumentedCall.JsonBody(it) is not null).ToList();
        Assert.True(bodies.Count >= 11);
        var owner = await ground.SessionOf(History.Owner);
        foreach (var operation in bodies)
        {
            foreach (var field in new[] { "role", "id", "owner", "isOperator", "asOf", "__proto__", "constructor", "$type" })
            {
                var body = SchemaExample.Of(DocumentedCall.JsonBody(operation)!).AsObject();
                body[field] = "operator";
                using var answer = await new DocumentedCall(operation, ground.Vault) { Key = ApiGround.Key, Bearer = owner, Body = body.ToJsonString() }.Send(ground.Http);
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                var expected = operation.Id switch
                {
                    "ImportVault" => (HttpStatusCode.BadRequest, "historyMalformed", "body"), // a file's places stand in detail
                    "PutNumeraiKey" => (HttpStatusCode.Conflict, "keysOff", null), // this deployment keeps none, and says so before it reads one
                    _ => (HttpStatusCode.BadRequest, "malformed", (string?)field),
                };
                Assert.Equal((operation.Id, expected), (operation.Id, (answer.StatusCode, (string)problem["code"]!, (string?)problem["param"])));
            }
        }

        Assert.Null((await ground.Machine.Store.Load(ground.Vault, default)).Record.Halted);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("Forwarded", "for=127.0.0.1;host=evil.example")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6W119")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-ID", "operator")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME", "operator")]
    [InlineData("X-Original-URL", "/api/vaults")]
    [InlineData("X-Rewrite-URL", "/api/vaults")]
    [InlineData("X-HTTP-Method-Override", "POST")]
    [InlineData("Host", "evil.example")]
    public async Task J_06_HeadersOfProxies_ChangeNothing(string name, string value)
    {
        var other = await History.Begin(ground.Machine);
        await ground.Register(other);
        using var plain = await ground.Http.GetAsync(Address("api/vaults?limit=1"));
        using var dressed = await ground.Http.SendAsync(With(HttpMethod.Get, "api/vaults?limit=1"));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await dressed.Content.ReadAsStringAsync());
        Assert.Equal(plain.Headers.GetValues("Link"), dressed.Headers.GetValues("Link"));
        Assert.DoesNotContain("evil", string.Join('\n', dressed.Headers.SelectMany(it => it.Value)), StringComparison.Ordinal);
        using var refused = await ground.Http.SendAsync(With(HttpMethod.Get, "api/ops/quarantine"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        HttpRequestMessage With(HttpMethod method, string path)
        {
            var request = new HttpRequestMessage(method, Address(path));
            request.Headers.TryAddWithoutValidation(name, value);
            return request;
        }
    }

    [Fact]
    public async Task J_08_WhatIsTooLarge_IsRefusedEarly()
    {
        const string Start = "POST /api/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        Assert.Equal(413, await Raw($"{Start}Content-Length: 1073741824\r\n\r\n")); // nothing of the gigabyte is sent
        var chunk = $"10000\r\n{new string(' ', 65536)}\r\n";
        Assert.Equal(413, await Raw($"{Start}Transfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 17))}")); // and never ended
        Assert.Contains(await Raw($"GET /api/vaults?{new string('a', 65536)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), new[] { 400, 414, 431 });
        Assert.Contains(await Raw($"GET /api/vaults HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 20_000).Select(it => $"x{it}: y\r\n"))}\r\n"), new[] { 400, 431 });
        foreach (var body in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), "{" + string.Join(',', Enumerable.Range(0, 80_000).Select(it => $"\"k{it}\":1")) + "}" })
        {
            foreach (var path in new[] { "api/quotes", $"api/ops/vaults/{ground.Vault}/halt" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                request.Headers.Add("x-functions-key", ApiGround.Key);
                using var answer = await ground.Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            }
        }

        using var well = await ground.Http.GetAsync(Address("api/health"));
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
    }

    [Fact]
    public async Task J_09_Flood_IsRefused_OnTwoInstancesTogether()
    {
        const int PerMinute = 200, Calls = 240, Cost = 5;
        await using var first = await ground.Start(("RateLimits__PerMinute", $"{PerMinute}"));
        await using var second = await ground.Start(("RateLimits__PerMinute", $"{PerMinute}"));
        var clients = new[] { first, second }.Select(app => app.Client()).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => clients[call % 2].GetAsync(Address("api/vaults?limit=1"))));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        // A minute may end meanwhile: then two budgets are spent, each with a twentieth more at each instance.
        Assert.InRange(Calls - refused.Count, 1, 2 * (PerMinute + (2 * PerMinute / 20)) / Cost);
        Assert.All(refused, answer => Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
        foreach (var http in clients)
        {
            using var well = await http.GetAsync(Address("api/health"));
            Assert.Equal(HttpStatusCode.OK, well.StatusCode);
            http.Dispose();
        }
    }

    /// <summary>Without storage nothing can be done: each route says so with nothing of the inside, and the log has it under the request's id.</summary>
    [Fact]
    public async Task J_14_WhatFailsInside_TellsNothingOfIt()
    {
        const string Nowhere = "DefaultEndpointsProtocol=http;AccountName=canaryaccount;AccountKey=Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5;BlobEndpoint=http://127.0.0.1:9/c;QueueEndpoint=http://127.0.0.1:9/c;TableEndpoint=http://127.0.0.1:9/c;";
        string[] without = ["Health", "OpenApi", "RoundWebhook", "BeginSession", "Ready"]; // need no storage, or say by themselves that it is missing
        await using var blind = await ground.Start(("AzureWebJobsStorage", Nowhere));
        using var http = blind.Client();
        var token = await ground.SessionOf(History.Anna.Address);
        var operations = Called.Where(it => !without.Contains(it.Id)).ToList();
        foreach (var (operation, answer) in await Task.WhenAll(operations.Select(async operation => (operation, await new DocumentedCall(operation, ground.Vault) { Key = ApiGround.Key, Bearer = token }.Send(http)))))
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal((operation.Id, HttpStatusCode.ServiceUnavailable, "unavailable"), (operation.Id, answer.StatusCode, (string)JsonNode.Parse(text)!["code"]!));
            Assert.Equal("5", Assert.Single(answer.Headers.GetValues("Retry-After")));
            Assert.All(new[] { "   at ", "Exception", "canaryaccount", "127.0.0.1", "Backstake.", ".cs" }, inside => Assert.DoesNotContain(inside, text, StringComparison.Ordinal));
            answer.Dispose();
        }
    }

    static Uri Address(string path) => new(path, UriKind.Relative);

    /// <summary>The status that the bytes are answered with.</summary>
    async Task<int> Raw(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ground.App.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes));
        }
        catch (IOException)
        {
            // It answered and closed before it had read everything.
        }

        var answer = new byte[12]; // HTTP/1.1 413
        await stream.ReadExactlyAsync(answer);
        return int.Parse(Encoding.ASCII.GetString(answer)[9..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
