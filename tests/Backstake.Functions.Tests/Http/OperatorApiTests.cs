using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>What the operator orders over HTTP, as the app and openapi.json have it. What the orders do, the tests of Hosting and of the faults say.</summary>
[Collection(StorageGround.Collection)]
public sealed class OperatorApiTests(ApiGround ground) : IClassFixture<ApiGround>
{
    const string Order = """{"by":"me","reason":"a test"}""";

    [Fact]
    public async Task Quarantine_IsListed_AndSentAgain()
    {
        var id = Guid.NewGuid().ToString();
        var queues = new VaultQueues(ground.Storage.Clients);
        await queues.Prepare(default);
        var quarantine = new Quarantine(ground.Storage.Clients, queues);
        await quarantine.Prepare(default);
        await quarantine.Keep(VaultQueues.Rounds, id, "{}", "it failed", DateTimeOffset.UnixEpoch, default);
        var kept = (await Ask("GET", "ops/quarantine", null, 200))!["messages"]!.AsArray().Single(it => (string)it!["id"]! == id)!;
        Assert.Equal((VaultQueues.Rounds, "{}", "it failed"), ((string)kept["queue"]!, (string)kept["text"]!, (string)kept["reason"]!));
        Assert.Equal("reasonMissing", (string)(await Ask("POST", $"ops/quarantine/{id}/resend", """{"by":"me","reason":""}""", 400))!["code"]!);
        await Ask("POST", $"ops/quarantine/{id}/resend", Order, 204);
        Assert.Equal("unknownMessage", (string)(await Ask("POST", $"ops/quarantine/{id}/resend", Order, 404))!["code"]!);
    }

    [Fact]
    public async Task EveryOrder_IsKept_WithWhoAndWhy_BeforeItIsCarriedOut()
    {
        var vault = await History.TwoWeeks(ground.Machine);
        await ground.Register(vault);
        await Ask("POST", $"ops/vaults/{vault}/retry", """{"by":"me","reason":"it is slow"}""", 204);
        await Ask("POST", $"ops/vaults/{vault}/halt", """{"by":"you","reason":"it is wrong"}""", 204);
        Assert.Equal("vaultHalted", (string)(await Ask("POST", $"ops/vaults/{vault}/retry", Order, 409))!["code"]!);
        await Ask("POST", $"ops/vaults/{vault}/resume", Order, 503); // there is no node to look at
        await Ask("POST", $"ops/vaults/{vault}/halt", """{"by":"me"}""", 400);
        var kept = (await Ask("GET", "ops/orders", null, 200))!["orders"]!.AsArray().Where(it => (string)it!["subject"]! == vault).Select(it => $"{it!["act"]} {it["by"]} {it["reason"]}");
        Assert.Equal(["resume me a test", "retry me a test", "halt you it is wrong", "retry me it is slow"], kept);
    }

    [Fact]
    public async Task Halt_Check_Resume_SayWhatWasDone()
    {
        var vault = await History.TwoWeeks(ground.Machine);
        await ground.Register(vault);
        await Ask("POST", $"ops/vaults/{vault}/check", "", 204);
        Assert.Equal("reasonMissing", (string)(await Ask("POST", $"ops/vaults/{vault}/halt", """{"by":"me","reason":""}""", 400))!["code"]!);
        await Ask("POST", $"ops/vaults/{vault}/halt", Order, 204);
        Assert.Equal("halted", (string)(await Ask("GET", $"vaults/{vault}", null, 200))!["status"]!);
        Assert.Equal("unavailable", (string)(await Ask("POST", $"ops/vaults/{vault}/resume", Order, 503))!["code"]!); // there is no node to look at
        Assert.Equal("unavailable", (string)(await Ask("POST", "ops/signers/staker/resume", Order, 503))!["code"]!);
        Assert.Equal("unknownSigner", (string)(await Ask("POST", "ops/signers/owner/resume", Order, 404))!["code"]!);
    }

    [Fact]
    public async Task Import_IsRefused_OverAHistoryThatIsThere_AndOfAnotherFile()
    {
        var file = await ground.Http.GetStringAsync(new Uri($"api/vaults/{ground.Vault}/log", UriKind.Relative));
        var route = $"ops/vaults/{ground.Vault}/import";
        Assert.Equal("historyThere", (string)(await Ask("POST", route + "?by=me&reason=a%20test", file, 409))!["code"]!);
        Assert.Equal("reasonMissing", (string)(await Ask("POST", route + "?by=me", file, 400))!["code"]!);
        Assert.Equal("historyMalformed", (string)(await Ask("POST", route + "?by=me&reason=a%20test", file[..^2], 400))!["code"]!);
    }

    async Task<JsonNode?> Ask(string method, string route, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("api/" + route, UriKind.Relative));
        request.Headers.Add("x-functions-key", ApiGround.Key);
        if (body is { Length: > 0 })
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await ground.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
