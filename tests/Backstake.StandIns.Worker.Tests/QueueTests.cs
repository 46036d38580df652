using System.Text;
using System.Text.Json;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>Queue triggers against Azurite: encoding, retries, poison queues, parameter types. host.json of the app: 3 attempts, seen again at once.</summary>
public sealed class QueueTests(Storage storage) : IClassFixture<Storage>
{
    [Fact]
    public async Task Base64Message_IsDecoded_AsTextJsonOrMessage_AndDeleted()
    {
        await using var app = await App.Start(storage);
        await storage.Send(app.Queue("texts"), "grüße");
        await storage.Send(app.Queue("orders"), """{"vault":"0xab","week":3}""");
        await storage.Send("messages", "plain");

        Assert.Equal("grüße", Text((await app.Journal("Texts", 1))[0]));
        var order = (await app.Journal("Orders", 1))[0];
        Assert.Equal("0xab", order.GetProperty("vault").GetString());
        Assert.Equal(3, order.GetProperty("week").GetInt32());
        var message = (await app.Journal("Messages", 1))[0];
        Assert.Equal("plain", Text(message));
        Assert.Equal("plain", message.GetProperty("body").GetString());
        Assert.Equal(1, message.GetProperty("attempt").GetInt32());
        Assert.True(Guid.TryParse(message.GetProperty("id").GetString(), out _));
        await app.Until("the messages to be deleted", async () => await storage.Count(app.Queue("texts")) + await storage.Count(app.Queue("orders")) + await storage.Count("messages") == 0);
    }

    [Fact]
    public async Task FailingMessage_IsTriedThreeTimes_ThenPoisonedWithTheSameText()
    {
        await using var app = await App.Start(storage);
        await storage.Send(app.Queue("texts"), "fail at all");

        await app.Until("the poison queue", async () => (await storage.Texts(app.Queue("texts-poison"))).Length == 1);
        Assert.Equal(["1", "2", "3"], app.Journal("Texts").Select(run => run.GetProperty("attempt").GetString()));
        Assert.Equal([Convert.ToBase64String(Encoding.UTF8.GetBytes("fail at all"))], await storage.Texts(app.Queue("texts-poison")));
        await app.Until("the message to be deleted", async () => await storage.Count(app.Queue("texts")) == 0);
        Assert.Contains("has reached MaxDequeueCount of 3", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageThatIsNoBase64_GoesToPoisonAtOnce()
    {
        await using var app = await App.Start(storage);
        await storage.Queue(app.Queue("texts")).CreateAsync();
        await storage.Queue(app.Queue("texts")).SendMessageAsync("not base64!");

        await app.Until("the poison queue", async () => (await storage.Texts(app.Queue("texts-poison"))).Length == 1);
        Assert.Equal(["not base64!"], await storage.Texts(app.Queue("texts-poison")));
        Assert.Empty(app.Journal("Texts"));
    }

    [Fact]
    public async Task MessageThatIsNotTheParametersJson_IsRetriedAndPoisoned()
    {
        await using var app = await App.Start(storage);
        await storage.Send(app.Queue("orders"), "{\"vault\":");

        await app.Until("the poison queue", async () => (await storage.Texts(app.Queue("orders-poison"))).Length == 1);
        Assert.Empty(app.Journal("Orders"));
    }

    [Fact]
    public async Task FailedMessage_IsHiddenForTheVisibilityTimeout()
    {
        await using var app = await App.Start(storage, ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "01:00:00"));
        await storage.Send(app.Queue("texts"), "fail slowly", "works");

        await app.Until("the other message to be deleted", async () => await storage.Count(app.Queue("texts")) == 1);
        Assert.Empty(await storage.Texts(app.Queue("texts")));
        Assert.Single(app.Journal("Texts"), run => Text(run) == "fail slowly");
    }

    [Fact]
    public async Task EncodingNone_TakesTextAsItIs()
    {
        await using var app = await App.Start(storage, ("AzureFunctionsJobHost__extensions__queues__messageEncoding", "none"));
        await storage.Queue(app.Queue("texts")).CreateAsync();
        await storage.Queue(app.Queue("texts")).SendMessageAsync("not base64!");

        Assert.Equal("not base64!", Text((await app.Journal("Texts", 1))[0]));
    }

    [Fact]
    public async Task DisabledFunction_LeavesItsQueueAlone()
    {
        await using var app = await App.Start(storage, ("AzureWebJobs.Texts.Disabled", "true"));
        await storage.Send(app.Queue("texts"), "left alone");
        await storage.Send(app.Queue("orders"), """{"vault":"0xab","week":3}""");

        await app.Journal("Orders", 1);
        Assert.Single(await storage.Texts(app.Queue("texts")));
    }

    [Fact]
    public async Task Stop_CancelsWhatRuns_GivesTheMessageBack_AndEndsWell()
    {
        await using var app = await App.Start(storage);
        await storage.Send(app.Queue("holds"), "held");
        await app.Journal("Holds", 1);
        var request = app.Http.GetAsync("api/waits");
        await app.Journal("Waits", 1);
        Assert.Empty(await storage.Texts(app.Queue("holds")));   // locked

        Assert.Equal(0, await app.Stop());

        Assert.Single(await storage.Texts(app.Queue("holds")));
        Assert.Equal("cancelled", app.Journal("Waits")[1].GetProperty("state").GetString());
        using var answer = await request;
    }

    static string? Text(JsonElement run) => run.GetProperty("text").GetString();
}
