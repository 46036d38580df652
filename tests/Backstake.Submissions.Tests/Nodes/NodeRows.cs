using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Backstake.Functions.Identity;
using Backstake.Functions.Nodes;
using Backstake.Functions.Numerai;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Backstake.Sandbox.Submissions;
using Backstake.Submissions.Tests.Flow;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Backstake.Submissions.Tests.Nodes;

/// <summary>FAULTS.md I-3, I-4, I-8 and I-9, and what nodes are for.</summary>
[Collection(StorageGround.Collection)]
public sealed class NodeRows(StorageGround ground) : SubmissionGround(ground)
{
    static readonly byte[] Bomb = GZip(new byte[100_000_000]);
    TestNode node = null!;

    protected override IEnumerable<(string, string)> Settings => [("Identity:Origin", "https://app.example.org"), ("Nodes:Allowed", node.Allowed)];

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

    NodeFunctions Functions => ActivatorUtilities.CreateInstance<NodeFunctions>(App);

    [Fact]
    public async Task NodeThatAnswersWithTheFile_IsCalledWhenTheRoundOpens_AndItsFileSubmitted()
    {
        var (vault, secret) = await Registered();
        var round = await Open();
        node.Answer = http => http.Response.Body.WriteAsync(File("node")).AsTask();
        await Run(vault, round);
        Assert.DoesNotContain(await Events(vault), it => it is AttemptFailed); // it is asked only now
        await Deliver(vault);
        await Run(vault, round);
        Assert.Equal(File("node"), Tournament.Selected(Model, Number)!.File);
        await Deliver(vault); // nothing more is needed
        var asked = Assert.Single(node.Calls);
        Assert.True(StandardWebhooks.Verify(secret, asked.Id, asked.Time, asked.Signature, asked.Body, Clock.GetUtcNow()));
        Assert.Equal($"msg_{vault.Id}_843", asked.Id);
        var body = JsonDocument.Parse(asked.Body).RootElement;
        Assert.Equal("round.opened", body.GetProperty("type").GetString());
        var data = body.GetProperty("data");
        Assert.Equal((vault.Id, 8, 843, vault.ModelId), (data.GetProperty("vault").GetString(), data.GetProperty("tournament").GetInt32(), data.GetProperty("round").GetInt32(), data.GetProperty("modelId").GetString()));
        Assert.Equal(round.CloseStakingTime, data.GetProperty("closesStaking").GetDateTimeOffset());
        Assert.Equal("stored", Assert.Single(await The<NodeTable>().Calls(vault.Id, default)).Outcome);
    }

    [Fact]
    public async Task NodeThatUploads_TakesIdsAndSendsItsFile_ByTheLinksOfItsCall_AndByNoOthers()
    {
        var (vault, _) = await Registered();
        await Open();
        node.Answer = http =>
        {
            http.Response.StatusCode = 202;
            return Task.CompletedTask;
        };
        await Deliver(vault);
        var data = JsonDocument.Parse(node.Calls.Single().Body).RootElement.GetProperty("data");
        var ticket = data.GetProperty("upload").GetString()!.Split('/')[^2];
        Assert.Equal($"https://app.example.org/api/vaults/{vault.Id}/rounds/843/nodes/{ticket}/predictions", data.GetProperty("upload").GetString());
        Assert.Equal($"https://app.example.org/api/vaults/{vault.Id}/rounds/843/nodes/{ticket}/live-ids", data.GetProperty("liveIds").GetString());
        var ids = Encoding.UTF8.GetString(Assert.IsType<FileContentResult>(await Functions.LiveIds(Request([]), vault.Id, 843, ticket, default)).FileContents).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["id", .. Tournament.Live.Ids(TournamentKind.Classic, Number)], ids);
        var other = await Begin();
        foreach (var (id, round, wrong) in new[] { (vault.Id, 844, ticket), (other.Id, 843, ticket), (vault.Id, 843, ticket[..^1] + (ticket[^1] == '0' ? '1' : '0')), (vault.Id, 843, ""), (vault.Id, 843, ticket + "0") })
            Assert.IsType<NotFoundResult>(await Functions.Upload(Request(File("node")), id, round, wrong, default));
        Stored(await Functions.Upload(Request(File("node")), vault.Id, 843, ticket, default));
        Assert.Equal("willUpload", Assert.Single(await The<NodeTable>().Calls(vault.Id, default)).Outcome);
    }

    [Theory]   // the answer, what is made of it
    [InlineData("redirect", "status"), InlineData("redirect to file:", "status"), InlineData("endless redirect", "status"), InlineData("500", "status"), InlineData("404", "status"), InlineData("410", "gone"), InlineData("empty", "willUpload")]
    [InlineData("bad file", "rejected"), InlineData("gzip bomb", "rejected"), InlineData("too large", "tooLarge"), InlineData("endless", "tooLarge"), InlineData("slow", "timeout"), InlineData("silent", "timeout"), InlineData("header flood", "unreachable"), InlineData("cut off", "unreachable")]
    public async Task I_03_I_04_WhateverTheNodeAnswers_IsBounded_AndSaid(string what, string outcome)
    {
        var (vault, _) = await Registered();
        var round = await Open();
        node.Answer = http => Misbehave(what, http);
        using var limited = Caller(TimeSpan.FromSeconds(2));
        var caller = new NodeCaller(limited, The<NodeSignature>(), The<IOptions<IdentitySettings>>(), Clock);
        Assert.NotEmpty(Bomb); // made before anything is measured
        var before = GC.GetTotalAllocatedBytes();
        var answer = await caller.Opened((await The<NodeTable>().Find(vault.Id, default))!, 8, vault.ModelId, round, default);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64L * 1024 * 1024);
        Assert.Single(node.Calls); // nothing was followed
        if (outcome is "willUpload" or "rejected")
        {
            await Deliver(vault);
            answer = answer with { Call = (await The<NodeTable>().Calls(vault.Id, default))[0] };
        }

        Assert.Equal(outcome, answer.Call.Outcome);
        Assert.Empty(await The<PredictionStore>().In(PredictionStore.FolderOf(vault.Id, 8, Number), default));
    }

    [Fact]
    public async Task MessagesAtTheSameTime_AreOneCall_WhoseFailureIsSeen()
    {
        var (vault, _) = await Registered();
        await Open();
        node.Answer = http => Misbehave("500", http);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Deliver(vault))));
        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task I_08_NodeThatIsDown_IsCalledWithGrowingPauses_UntilTheDeadline_AndItsFailureIsItsOwners()
    {
        var (vault, _) = await Registered();
        var round = await Open();
        node.Answer = http => Misbehave("500", http);
        var called = new List<double>();
        for (var seconds = 0; Clock.GetUtcNow() < round.CloseStakingTime.AddMinutes(10); seconds += 30)
        {
            var calls = node.Calls.Count;
            await Run(vault, round);
            await Deliver(vault);
            if (node.Calls.Count > calls)
                called.Add((Clock.GetUtcNow() - round.OpenTime).TotalSeconds);
            Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal([0, 30, 90, 210, 450, 930], called.Take(6));
        Assert.All(called.Zip(called.Skip(1)).Skip(5), pause => Assert.Equal(600, pause.Second - pause.First));
        Assert.True(called[^1] < (round.CloseStakingTime - round.OpenTime).TotalSeconds && called[^1] > (round.CloseStakingTime - round.OpenTime).TotalSeconds - 700);
        Assert.All((await Events(vault)).OfType<AttemptFailed>(), failed => Assert.Equal(Cause.NodeFailed, failed.Cause));
        Assert.Contains("status", (await Events(vault)).OfType<AttemptFailed>().Last().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I_08_NodeThatIsGone_IsCalledNoMore_UntilATestSucceeds_AndByHandWithoutAPause()
    {
        var (vault, _) = await Registered();
        await Open();
        var key = await Key(Owner, ApiScope.Submit(vault.Id));
        node.Answer = http => Misbehave("500", http);
        await Deliver(vault);
        await Deliver(vault);
        Assert.Single(node.Calls);
        await The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: true), default);
        Assert.Equal(2, node.Calls.Count);
        node.Answer = http => Misbehave("410", http);
        await The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: true), default);
        await The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: true), default);
        Assert.Equal(3, node.Calls.Count);
        node.Answer = _ => Task.CompletedTask;
        Assert.Equal("ok", Assert.IsType<NodeCall>(Assert.IsType<OkObjectResult>(await Functions.Test(await RequestBy(key, []), vault.Id, default)).Value).Outcome);
        await The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: true), default);
        Assert.Equal(5, node.Calls.Count);
    }

    [Fact]
    public async Task I_09_AfterARotation_BothSecretsVerify_ForADay()
    {
        var (vault, old) = await Registered();
        var key = await Key(Owner, ApiScope.Submit(vault.Id));
        Clock.Advance(TimeSpan.FromDays(2));
        var secret = Told(await Functions.Rotate(await RequestBy(key, []), vault.Id, default));
        Assert.NotEqual(old, secret);
        async Task<(bool Old, bool New)> Verified()
        {
            await Functions.Test(await RequestBy(key, []), vault.Id, default);
            var asked = node.Calls.Last();
            bool By(string by) => StandardWebhooks.Verify(by, asked.Id, asked.Time, asked.Signature, asked.Body, Clock.GetUtcNow());
            return (By(old), By(secret));
        }

        Assert.Equal((true, true), await Verified());
        Clock.Advance(StandardWebhooks.Overlap - TimeSpan.FromSeconds(1));
        Assert.Equal((true, true), await Verified());
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((false, true), await Verified());
        Assert.IsType<NoContentResult>(await Functions.Delete(await RequestBy(key, []), vault.Id, default));
        Assert.Equal("noNode", Code(await Functions.Get(await RequestBy(key, []), vault.Id, default)));
        var again = Told(await Functions.Put(await RequestBy(key, Encoding.UTF8.GetBytes($$"""{"url":"{{node.Address}}hook"}""")), vault.Id, default));
        Assert.True(again != secret && again != old);
    }

    [Theory]   // the receiver's clock is off by
    [InlineData(-240, true), InlineData(240, true), InlineData(-300, true), InlineData(300, true), InlineData(-301, false), InlineData(301, false), InlineData(-360, false), InlineData(360, false)]
    public void I_09_ReceiversClock_MayBeFiveMinutesOff(int seconds, bool isRight)
    {
        var (at, body) = (new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), "{}"u8.ToArray());
        var secret = StandardWebhooks.SecretPrefix + Convert.ToBase64String("a secret of 24 bytes ..."u8);
        var signed = StandardWebhooks.Sign([secret], "msg_1", at, body);
        Assert.Equal(isRight, StandardWebhooks.Verify(secret, "msg_1", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), signed, body, at.AddSeconds(seconds)));
        Assert.False(StandardWebhooks.Verify(secret, "msg_2", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), signed, body, at));
        Assert.False(StandardWebhooks.Verify(secret, "msg_1", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), signed, "{ }"u8, at));
        Assert.False(StandardWebhooks.Verify(secret, "msg_1", "now", signed, body, at));
    }

    /// <summary>The example of the Standard Webhooks specification.</summary>
    [Fact]
    public void I_09_Signature_IsThatOfStandardWebhooks() => Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", StandardWebhooks.Sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task LastFiftyCalls_AreKept_NewestFirst()
    {
        var (vault, _) = await Registered();
        for (var i = 0; i < NodeTable.CallsKept + 5; i++)
            await The<NodeTable>().Add(vault.Id, new(Clock.Advance(TimeSpan.FromSeconds(1)), i, i, 200, "ok", ""), default);
        Assert.Equal(Enumerable.Range(5, NodeTable.CallsKept).Reverse(), (await The<NodeTable>().Calls(vault.Id, default)).Select(call => call.Round));
    }

    async Task<(RegisteredVault Vault, string Secret)> Registered()
    {
        var vault = await Begin();
        var key = await Key(Owner, ApiScope.Submit(vault.Id));
        Assert.Equal("nodeUrlRefused", Code(await Functions.Put(await RequestBy(key, """{"url":"https://169.254.169.254/"}"""u8.ToArray()), vault.Id, default)));
        Assert.Equal("noNode", Code(await Functions.Get(await RequestBy(key, []), vault.Id, default)));
        return (vault, Told(await Functions.Put(await RequestBy(key, Encoding.UTF8.GetBytes($$"""{"url":"{{node.Address}}hook"}""")), vault.Id, default)));
    }

    Task Deliver(RegisteredVault vault) => The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: false), default);

    OutgoingCaller Caller(TimeSpan limit) => new(The<OutgoingTransport>(), The<OutgoingSecrets>(), The<IOptions<OutgoingSettings>>(), The<IOptions<IdentitySettings>>(), Clock) { CallLimit = limit };

    static string Told(IActionResult answer) => JsonSerializer.SerializeToElement(Assert.IsType<OkObjectResult>(answer).Value).GetProperty("secret").GetString()!;

    async Task Misbehave(string what, HttpContext http)
    {
        switch (what)
        {
            case "redirect": http.Response.Redirect($"http://127.0.0.1:{node.Address.Port}/private"); break;
            case "redirect to file:": http.Response.Redirect("file:///etc/passwd"); break;
            case "endless redirect": http.Response.Redirect("/hook", permanent: true, preserveMethod: true); break;
            case "500" or "404" or "410": http.Response.StatusCode = int.Parse(what, CultureInfo.InvariantCulture); break;
            case "empty": break;
            case "bad file": await http.Response.WriteAsync("id,prediction\nn1,2\n"); break;
            case "gzip bomb":
                http.Response.Headers.ContentEncoding = "gzip";
                await http.Response.Body.WriteAsync(Bomb);
                break;
            case "too large":
                http.Response.ContentLength = 1L << 30;
                await Endless(http);
                break;
            case "endless": await Endless(http); break;
            case "slow":
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await http.Response.WriteAsync("x");
                    await http.Response.Body.FlushAsync();
                    await Task.Delay(50);
                }

                break;
            case "silent": await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
            case "header flood":
                for (var i = 0; i < 100; i++)
                    http.Response.Headers[$"X-{i}"] = new string('x', 1000);
                break;
            default:
                http.Response.ContentLength = 1000;
                await http.Response.WriteAsync("id,prediction\n");
                await http.Response.Body.FlushAsync();
                http.Abort();
                break;
        }
    }

    static async Task Endless(HttpContext http)
    {
        var part = new byte[64 * 1024];
        try
        {
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(part, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has had enough.
        }
    }

    static byte[] GZip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(content);
        return packed.ToArray();
    }
}
