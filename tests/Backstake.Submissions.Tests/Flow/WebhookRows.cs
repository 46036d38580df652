using System.Diagnostics;
using System.Text;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Nodes;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>FAULTS.md I-6 and I-7: whoever calls the webhook of a vault.</summary>
[Collection(StorageGround.Collection)]
public sealed class WebhookRows(StorageGround ground) : SubmissionGround(ground)
{
    [Fact]
    public async Task I_06_WrongSecret_IsNotFound_HoweverNear_AndNoPathLeavesTheProcess()
    {
        var (vault, other) = (await Begin(), await Begin());
        var secret = The<Webhooks>().SecretOf(vault.Id);
        var queued = await Queued();
        var near = Enumerable.Range(0, secret.Length).Select(at => $"{secret[..at]}{(secret[at] == '0' ? '1' : '0')}{secret[(at + 1)..]}");
        foreach (var guess in near.Concat([secret[..^1], secret + "0", secret.ToUpperInvariant(), " " + secret, secret + "\0", "", new string('0', 64), "\u0661" + secret[1..], The<Webhooks>().SecretOf(other.Id), The<NodeSignature>().Ticket(vault.Id, Number), new string('a', 100_000)]))
            Assert.IsType<NotFoundResult>(await Call(vault.Id, guess, ""));
        Assert.IsType<NotFoundResult>(await Call(other.Id, secret, ""));
        Assert.Equal(queued, await Queued());

        using var activity = new Activity("call").Start();
        foreach (var tag in new[] { "url.path", "url.full", "http.target", "http.route" })
            activity.SetTag(tag, $"/api/webhooks/{vault.Id}/{secret}");
        using var traces = new DiscloseTraces();
        traces.OnEnd(activity);
        Assert.DoesNotContain(activity.TagObjects, tag => $"{tag.Value}".Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task I_07_WebhookThatIsReplayed_Is200EachTime_AndHasOneEffect()
    {
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("mine"));
        var secret = The<Webhooks>().SecretOf(vault.Id);
        var trigger = Guid.NewGuid().ToString();
        foreach (var body in Enumerable.Repeat($$"""{"triggerId":"{{trigger}}"}""", 200).Concat(["", "{}", "null", "[", "{\"triggerId\":7}", new string('x', 9_000)]))
            Assert.IsType<OkResult>(await Call(vault.Id, secret, body));
        for (var i = 0; i < 20; i++)
        {
            await The<RoundOpening>().Triggered(new RoundTriggered(vault.Id, trigger), default);
            await The<VaultSubmission>().Submit(RoundOpening.Message(vault.Id, round, trigger), default);
        }

        var events = await Events(vault);
        Assert.Equal(trigger, Assert.Single(events.OfType<RoundOpened>()).TriggerId);
        Assert.Single(events.OfType<PredictionsSubmitted>());
        var held = Assert.Single(await The<INumerai>().Submissions(vault.Model, default));
        Assert.Equal((trigger, true), (held.TriggerId, held.Selected));
    }

    [Fact]
    public async Task E_05_WebhooksOfAllVaultsAtOnce_AreHeard_WithinNumeraisLimit_AndTheNextRoundsAtItsSecond()
    {
        var vault = await Begin();
        var (round, most, queued) = (await Open(), NumeraiCalls.Most["rounds"], await Queued(VaultQueues.Submissions));
        for (var call = 0; call < 2 * most; call++)
            await The<RoundOpening>().Triggered(new RoundTriggered(vault.Id, null), default); // more questions than Numerai takes would be refused
        Assert.Equal(queued + (2 * most), await Queued(VaultQueues.Submissions));

        foreach (var (seconds, isHeard) in new[] { (-1, false), (0, true) })
        {
            Clock.MoveTo(round.OpenTime.AddDays(1).AddSeconds(seconds));
            queued = await Queued(VaultQueues.Submissions);
            await The<RoundOpening>().Triggered(new RoundTriggered(vault.Id, null), default);
            Assert.Equal(queued + (isHeard ? 1 : 0), await Queued(VaultQueues.Submissions));
        }
    }

    /// <summary>Ten thousand calls, each with another trigger, from many sides: 200 each, a handful of messages, one submission; and the next minute's round is heard.</summary>
    [Fact]
    public async Task I_07_Flood_Is200EachTime_QueuesAHandful_AndHasOneEffect()
    {
        const int Calls = 10_000, Sides = 16;
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("mine"));
        var (secret, queued) = (The<Webhooks>().SecretOf(vault.Id), await Queued());
        var functions = ActivatorUtilities.CreateInstance<RoundFunctions>(App);
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = Sides }, async (call, _) =>
            Assert.IsType<OkResult>(await Call(functions, vault.Id, secret, $$"""{"triggerId":"{{Guid.NewGuid()}}"}""")));
        var messages = await Queued() - queued;
        Assert.Equal(Webhooks.NewsMost, messages);
        for (var message = 0; message < messages; message++)
        {
            await The<RoundOpening>().Triggered(new RoundTriggered(vault.Id, null), default);
            await The<VaultSubmission>().Submit(RoundOpening.Message(vault.Id, round, null), default);
        }

        Assert.Single((await Events(vault)).OfType<PredictionsSubmitted>());
        Assert.Single(await The<INumerai>().Submissions(vault.Model, default));

        queued = await Queued();
        Assert.IsType<OkResult>(await Call(functions, vault.Id, secret, ""));
        Assert.Equal(queued, await Queued());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<OkResult>(await Call(functions, vault.Id, secret, ""));
        Assert.Equal(queued + 1, await Queued());
    }

    Task<IActionResult> Call(string vault, string secret, string body) => Call(ActivatorUtilities.CreateInstance<RoundFunctions>(App), vault, secret, body);

    static Task<IActionResult> Call(RoundFunctions functions, string vault, string secret, string body)
    {
        var http = new DefaultHttpContext();
        var bytes = Encoding.UTF8.GetBytes(body);
        (http.Request.Body, http.Request.ContentLength) = (new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true), bytes.Length);
        return functions.Webhook(http.Request, vault, secret, default);
    }

    async Task<int> Queued(string queue = VaultQueues.Rounds) => (await The<StorageClients>().Queues.GetQueueClient(queue).GetPropertiesAsync()).Value.ApproximateMessagesCount;
}
