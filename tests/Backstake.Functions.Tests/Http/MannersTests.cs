using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>What every route does without being asked: problems, ETags, headers, limits of bodies, answers given once.</summary>
[Collection(StorageGround.Collection)]
public sealed class MannersTests(ApiGround ground) : IClassFixture<ApiGround>
{
    [Fact]
    public async Task Problem_HasCodeDocAndTheRequestsId()
    {
        using var answer = await ground.Http.GetAsync(Address("api/vaults/0x0000000000000000000000000000000000000001"));
        var problem = await Problem(answer, 404, "unknownVault");
        Assert.Equal("docs/problems.md#unknownvault", (string)problem["doc"]!);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), (string)problem["requestId"]!);
        Assert.Equal("urn:backstake:problem:unknownVault", (string)problem["type"]!);

        // A status without a body is a problem, too.
        using var bare = await ground.Http.PostAsync(Address($"api/webhooks/{ground.Vault}/guess"), null);
        await Problem(bare, 404, "notFound");
    }

    [Fact]
    public async Task Read_HasATag_AndIsAnsweredOnceOnly()
    {
        using var first = await ground.Http.GetAsync(Address($"api/vaults/{ground.Vault}"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        foreach (var (tag, status) in new[] { ($"{first.Headers.ETag}", 304), ($"W/{first.Headers.ETag}", 304), ($"\"other\", {first.Headers.ETag}", 304), ("*", 304), ("\"other\"", 200), ("nonsense", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address($"api/vaults/{ground.Vault}"));
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            using var again = await ground.Http.SendAsync(request);
            Assert.Equal((status, first.Headers.ETag), ((int)again.StatusCode, again.Headers.ETag));
            Assert.Equal(status == 304, (await again.Content.ReadAsByteArrayAsync()).Length == 0);
        }

        // What changed has another tag.
        var other = await History.Begin(ground.Machine);
        await ground.Register(other);
        using var before = await ground.Http.GetAsync(Address($"api/vaults/{other}"));
        await ground.Machine.Append(other, History.Deposited(7));
        using var after = await ground.Http.GetAsync(Address($"api/vaults/{other}"));
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task AnswersAboutAVault_SayAsOf()
    {
        using var answer = await ground.Http.GetAsync(Address($"api/vaults/{ground.Vault}"));
        var vault = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var state = await ground.Machine.Store.Load(ground.Vault, default);
        Assert.Equal($$"""{"week":2,"round":2,"block":{{state.Record.LastBlock}}}""", vault["asOf"]!.ToJsonString());
        foreach (var path in new[] { "", "/weeks/1", "/log" })
        {
            using var one = await ground.Http.GetAsync(Address($"api/vaults/{ground.Vault}{path}"));
            Assert.Equal($"week=2, round=2, block={state.Record.LastBlock}", Assert.Single(one.Headers.GetValues("Backstake-As-Of")));
        }
    }

    [Fact]
    public async Task Reads_AreForAnyPage_TheOperatorsAreNot()
    {
        using var read = await ground.Http.GetAsync(Address("api/vaults"));
        Assert.Equal("*", Assert.Single(read.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(read.Headers.Contains("Access-Control-Allow-Credentials"));
        using var preflight = await ground.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, Address($"api/vaults/{ground.Vault}")));
        Assert.Equal((HttpStatusCode.NoContent, "GET"), (preflight.StatusCode, Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Methods"))));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("api/ops/quarantine"));
        request.Headers.Add("x-functions-key", ApiGround.Key);
        using var ops = await ground.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, ops.StatusCode);
        Assert.False(ops.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("no-store", ops.Headers.CacheControl!.ToString());
        Assert.All(new[] { read, ops }, it =>
        {
            Assert.Equal("nosniff", Assert.Single(it.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(it.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", Assert.Single(it.Headers.GetValues("Content-Security-Policy")));
        });
    }

    [Theory]
    [InlineData("{\"by\": \"me\"", "line 1, byte 11")]
    [InlineData("{\"by\": \"me\", \"reason\": 1}", "reason")]
    [InlineData("{\"by\": \"me\", \"reason\": \"why\", \"role\": \"owner\"}", "role")]
    [InlineData("{\"by\": \"me\", \"by\": \"you\", \"reason\": \"why\"}", "by")]
    [InlineData("{\"By\": \"me\", \"reason\": \"why\"}", "By")]
    [InlineData("null", "body")]
    public async Task OperatorsBody_IsExactlyItsFields(string body, string place)
    {
        using var answer = await Post($"api/ops/vaults/{ground.Vault}/halt", body, null);
        Assert.Equal(place, (string)(await Problem(answer, 400, "malformed"))["param"]!);
        Assert.Null((await ground.Machine.Store.Load(ground.Vault, default)).Record.Halted);
    }

    [Fact]
    public async Task Body_IsCounted_WhateverItsHeadersSay()
    {
        var large = new byte[(1024 * 1024) + 1];
        foreach (var chunked in new[] { false, true })
        {
            foreach (var path in new[] { "api/quotes", $"api/ops/vaults/{ground.Vault}/halt", $"api/webhooks/{ground.Vault}/guess" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new ByteArrayContent(large) };
                request.Headers.Add("x-functions-key", ApiGround.Key);
                request.Headers.TransferEncodingChunked = chunked;
                using var answer = await ground.Http.SendAsync(request);
                await Problem(answer, 413, "bodyTooLarge");
            }
        }
    }

    [Fact]
    public async Task SameCall_HasOneEffectAndOneAnswer_OnTwoInstances()
    {
        var vault = await History.Begin(ground.Machine);
        await ground.Register(vault);
        await using var second = await ground.Start();
        using var secondHttp = second.Client();
        var path = $"api/ops/vaults/{vault}/halt";
        const string body = """{"by":"me","reason":"a storm of the same call"}""";
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(it => Post(path, body, key, it % 2 == 0 ? ground.Http : secondHttp)));
        Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 204 or 409, answer.StatusCode.ToString()));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Single(await ground.Machine.ReadAll(vault), entry => entry.Event is Backstake.Functions.Storage.VaultHalted);

        using var replayed = await Post(path, body, key);
        Assert.Equal((HttpStatusCode.NoContent, "true"), (replayed.StatusCode, Assert.Single(replayed.Headers.GetValues("Idempotency-Replayed"))));
        using var other = await Post(path, body.Replace("storm", "calm", StringComparison.Ordinal), key);
        Assert.Equal("Idempotency-Key", (string)(await Problem(other, 422, "idempotencyKeyReused"))["param"]!);
        using var fresh = await Post(path, body, Guid.NewGuid().ToString());
        Assert.False(fresh.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Replay_IsTheSameBytes_AndARefusalIsKeptToo()
    {
        foreach (var (units, status) in new[] { (1, 200), (1_000_001, 400) })
        {
            var (key, body) = (Guid.NewGuid().ToString(), $$"""{"vault":"{{ground.Vault}}","terms":"{{History.TermsOne}}","units":{{units}}}""");
            using var first = await Post("api/quotes", body, key);
            using var again = await Post("api/quotes", body, key);
            Assert.Equal((status, status), ((int)first.StatusCode, (int)again.StatusCode));
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
            Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
            Assert.Equal((false, true), (first.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")));
        }
    }

    [Fact]
    public async Task SpentBudget_IsRefused_WithWhenToGoOn_AndTheOperatorIsNot()
    {
        await using var poor = await ground.Start(("RateLimits__PerMinute", "4"));
        using var http = poor.Client();
        using var refused = await http.GetAsync(Address("api/vaults")); // costs 5
        await Problem(refused, 429, "tooManyRequests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("\"minute\";q=4;w=60", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
        Assert.StartsWith("\"minute\";r=0;t=", Assert.Single(refused.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        foreach (var path in new[] { "api/health", "api/ops/quarantine" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
            request.Headers.Add("x-functions-key", ApiGround.Key);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("256")]
    public async Task IdempotencyKey_IsVisibleAscii(string key)
    {
        using var answer = await Post("api/quotes", "{}", key == "256" ? new string('k', 256) : key);
        await Problem(answer, 400, "idempotencyKeyInvalid");
    }

    /// <summary>A stored document is gone: that is said as a problem, and nothing of the inside is.</summary>
    [Fact]
    public async Task WhatFailsInside_IsAProblem_WithNothingOfTheInside()
    {
        var vault = await History.TwoWeeks(ground.Machine);
        await ground.Register(vault);
        var settled = (await ground.Machine.Store.Load(vault, default)).Record.Weeks[1];
        await ground.Storage.Clients.Blobs.GetBlobContainerClient("settlements").GetBlobClient($"{vault}/{settled.EntryDigest}.json").DeleteAsync();
        using var damaged = await ground.Http.GetAsync(Address($"api/vaults/{vault}/weeks/1"));
        Assert.DoesNotContain("   at ", (await Problem(damaged, 503, "vaultHalted")).ToJsonString(), StringComparison.Ordinal);
    }

    static Uri Address(string path) => new(path, UriKind.Relative);

    Task<HttpResponseMessage> Post(string path, string body, string? idempotencyKey) => Post(path, body, idempotencyKey, ground.Http);

    static async Task<HttpResponseMessage> Post(string path, string body, string? idempotencyKey, HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-functions-key", ApiGround.Key);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return await http.SendAsync(request);
    }

    static async Task<JsonNode> Problem(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((code, status), ((string)problem["code"]!, (int)problem["status"]!));
        return problem;
    }
}
