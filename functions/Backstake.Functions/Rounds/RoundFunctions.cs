using System.Text.Json;
using Backstake.Functions.Http;
using Backstake.Functions.Numerai;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Rounds;

/// <summary>The triggers of an opening round: the polling timer, and the webhook that Numerai or an owner's node calls.</summary>
public sealed class RoundFunctions(RoundOpening opening, Webhooks webhooks, VaultQueues queues, IOptions<NumeraiSettings> settings, StepLimits limits)
{
    const int BodyMost = 4 * 1024; // a trigger id is a UUID

    [Function("OpenRounds")]
    public async Task Poll([TimerTrigger("%RoundsSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        foreach (var tournament in settings.Value.TournamentNumbers)
            await opening.Poll(tournament, stop);
    }

    /// <summary>Numerai's webhook: <c>{"triggerId": "…"}</c>, or an empty body; the answer is 200 at once, the work is queued (NUMERAI.md).</summary>
    [Function("RoundWebhook"), Endpoint(Cost = 0)]
    public async Task<IActionResult> Webhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{vault}/{secret}")] HttpRequest request, string vault, string secret, CancellationToken stop)
    {
        if (!webhooks.Admits(vault, secret))
            return new NotFoundResult();
        var trigger = await TriggerId(request, stop);
        if (!webhooks.Take(vault, trigger))
            return new OkResult();
        try
        {
            await queues.Send(VaultQueues.Rounds, new RoundTriggered(vault, trigger), null, stop);
            return new OkResult();
        }
        catch
        {
            webhooks.GiveBack(vault, trigger);
            throw;
        }
    }

    [Function("RoundTriggered")]
    public Task Triggered([QueueTrigger(VaultQueues.Rounds)] RoundTriggered trigger, CancellationToken stop) =>
        limits.Run(stop => opening.Triggered(trigger, stop), stop);

    // A body that isn't what Numerai sends still means that a round opened: the trigger id is only missing.
    static async Task<string?> TriggerId(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength is null or 0 or > BodyMost)
            return null;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: stop);
            return body.RootElement.ValueKind is JsonValueKind.Object
                && body.RootElement.TryGetProperty("triggerId", out var id) && id.ValueKind is JsonValueKind.String && Guid.TryParse(id.GetString(), out _)
                ? id.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
