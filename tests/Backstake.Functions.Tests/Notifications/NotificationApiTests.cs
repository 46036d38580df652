using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Backstake.Functions.Identity;
using Backstake.Functions.Notifications;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Storage;
using Backstake.Season;

namespace Backstake.Functions.Tests.Notifications;

/// <summary>Notifications over HTTP, of the app as a process of its own, and an address's feed.</summary>
[Collection(StorageGround.Collection)]
public sealed class NotificationApiTests(ApiGround ground) : IClassFixture<ApiGround>, IAsyncLifetime
{
    readonly string holder = StorageGround.NewVault();
    AppProcess app = null!;
    HttpClient http = null!;

    public async Task InitializeAsync()
    {
        app = await ground.Start(("Webhook__Key", "a key for tests"), ("Nodes__Allowed", "127.0.0.1:9")); // nobody listens there
        http = app.Client();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Receiver_IsSet_ShownWithoutItsSecret_Tested_Rotated_AndTakenAway()
    {
        var session = await ground.SessionOf(holder);
        Assert.Equal("noNotifications", (string)(await Call(HttpMethod.Get, "", session))["code"]!);
        var made = await Call(HttpMethod.Put, "", session, """{"url":"http://127.0.0.1:9/hook","events":["roundMissed","weekSettled"]}""");
        Assert.StartsWith("whsec_", (string)made["secret"]!, StringComparison.Ordinal);
        Assert.Equal(["roundMissed", "weekSettled"], made["events"]!.AsArray().Select(it => (string)it!));
        // Told once.
        var changed = await Call(HttpMethod.Put, "", session, """{"url":"http://127.0.0.1:9/other"}""");
        Assert.Null(changed["secret"]);
        Assert.Equal(NotificationKind.All.Count, changed["events"]!.AsArray().Count);
        var shown = await Call(HttpMethod.Get, "", session);
        Assert.Equal(("http://127.0.0.1:9/other", false, 0), ((string)shown["url"]!, (bool)shown["gone"]!, shown["deliveries"]!.AsArray().Count));
        Assert.DoesNotContain("whsec_", shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("unreachable", (string)(await Call(HttpMethod.Post, "/test", session))["outcome"]!);
        var rotated = await Call(HttpMethod.Post, "/secret", session);
        Assert.NotEqual((string)made["secret"]!, (string)rotated["secret"]!);
        Assert.Equal("unknownDelivery", (string)(await Call(HttpMethod.Post, "/resend", session, """{"delivery":"0x1/1/roundMissed"}"""))["code"]!);
        Assert.Equal(204, (int)(await Call(HttpMethod.Delete, "", session))["status"]!);
        Assert.Equal("noNotifications", (string)(await Call(HttpMethod.Get, "", session))["code"]!);
        // Whoever had a secret of then has none of now.
        var again = await Call(HttpMethod.Put, "", session, """{"url":"http://127.0.0.1:9/hook"}""");
        Assert.DoesNotContain((string)again["secret"]!, new[] { (string)made["secret"]!, (string)rotated["secret"]! });
    }

    [Theory]
    [InlineData("""{"url":"https://169.254.169.254/"}""", "receiverUrlRefused", "url")]
    [InlineData("""{"url":"http://receiver.numerati.com/"}""", "receiverUrlRefused", "url")]
    [InlineData("""{"url":"http://127.0.0.1:9/","events":["roundWon"]}""", "malformed", "events")]
    [InlineData("""{"url":"http://127.0.0.1:9/","events":[]}""", "malformed", "events")]
    [InlineData("""{"url":"http://127.0.0.1:9/","events":["roundMissed","roundMissed"]}""", "malformed", "events")]
    [InlineData("""{"url":"http://127.0.0.1:9/","secret":"whsec_mine"}""", "malformed", "secret")]
    public async Task WhatCannotBeSet_IsRefused(string body, string code, string param)
    {
        var refused = await Call(HttpMethod.Put, "", await ground.SessionOf(holder), body);
        Assert.Equal((code, param), ((string)refused["code"]!, (string)refused["param"]!));
    }

    [Fact]
    public async Task Key_NeedsItsScope_AndSeesItsHoldersAlone()
    {
        var (mine, reader, other) = (await ground.KeyOf(holder, ApiScope.Notify), await ground.KeyOf(holder, ApiScope.ReadOwn), await ground.KeyOf(StorageGround.NewVault(), ApiScope.Notify));
        Assert.Null((await Call(HttpMethod.Put, "", mine, """{"url":"http://127.0.0.1:9/hook"}"""))["code"]);
        var table = new DeliveryTable(ground.Storage.Clients);
        var kept = new Delivery($"{ground.Vault}/7/roundMissed", "roundMissed", History.FirstCut, "{}", History.FirstCut);
        await table.Put(holder, kept, default);
        Assert.Equal(kept.Id, (string)(await Call(HttpMethod.Get, "", mine))["deliveries"]!.AsArray().Single()!["id"]!);
        var body = $$"""{"delivery":"{{kept.Id}}"}""";
        var resent = await Call(HttpMethod.Post, "/resend", mine, body);
        Assert.Equal(("waiting", 1, "unreachable"), ((string)resent["state"]!, (int)resent["attempts"]!, (string)resent["outcome"]!));
        Assert.Equal("scopeMissing", (string)(await Call(HttpMethod.Get, "", reader))["code"]!);
        Assert.Equal("noNotifications", (string)(await Call(HttpMethod.Post, "/resend", other, body))["code"]!);
        Assert.Null((await Call(HttpMethod.Put, "", other, """{"url":"http://127.0.0.1:9/hook"}"""))["code"]);
        Assert.Equal("unknownDelivery", (string)(await Call(HttpMethod.Post, "/resend", other, body))["code"]!);
    }

    [Fact]
    public async Task AddressesFeed_HasWhatTheChainShowsOfIt_OverAllVaults()
    {
        var vaults = new[] { await History.TwoWeeks(ground.Machine), await History.TwoWeeks(ground.Machine) };
        var subscribers = new SubscriberTable(ground.Storage.Clients);
        await subscribers.Name(History.Anna.Address, vaults[0], default);
        await subscribers.Name(History.Anna.Address, vaults[1], default);
        await ground.Machine.Append(vaults[1], new NewEntry("claim|1", new Claimed(History.Anna.Address, new string('0', 64), 0, Backstake.Accounting.Nmr.FromNmr(2)), History.FirstCut.AddDays(30)));
        using var answer = await http.GetAsync(new Uri($"api/addresses/{History.Anna.Address.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)}/feed", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "application/atom+xml"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var entries = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Elements(atom + "entry").Select(entry => ((string)entry.Element(atom + "id")!, (string)entry.Element(atom + "title")!)).ToList();
        Assert.Equal("A_MODEL: 2 NMR were paid to the wallet", entries[0].Item2);
        var expected = new List<(string, string)>();
        foreach (var vault in vaults)
        {
            foreach (var entry in await ground.Machine.ReadAll(vault))
            {
                var words = entry.Event switch
                {
                    Booked { Event: Accounting.Deposit it } => $"A deposit of {(it.Units.Count == 1 ? "1 unit" : $"{it.Units} units")} for {it.Units.Count * 10} NMR is accepted: they join at the next settlement",
                    VaultSettled it => $"Week {it.Week} is settled",
                    Claimed => "2 NMR were paid to the wallet",
                    _ => null,
                };
                if (words is not null)
                    expected.Add(($"urn:backstake:{vault}:{entry.Sequence}", $"A_MODEL: {words}"));
            }
        }

        Assert.Equal(expected.Order(), entries.Where(entry => vaults.Any(vault => entry.Item1.Contains(vault, StringComparison.Ordinal))).Order());
        var nobodys = XDocument.Parse(await http.GetStringAsync(new Uri($"api/addresses/{DocumentedCall.NoVault}/feed", UriKind.Relative)));
        Assert.Empty(nobodys.Root!.Elements(atom + "entry"));
        using var none = await http.GetAsync(new Uri("api/addresses/nobody/feed", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    /// <summary>The answer's JSON; of an answer without a body its status.</summary>
    async Task<JsonNode> Call(HttpMethod method, string path, string token, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"api/notifications{path}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? new JsonObject { ["status"] = (int)answer.StatusCode } : JsonNode.Parse(text)!;
    }
}
