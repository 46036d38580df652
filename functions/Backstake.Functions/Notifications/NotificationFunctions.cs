using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Outgoing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Notifications;

/// <summary>Where the caller's notifications go, and what became of them: only the caller's own.</summary>
public sealed class NotificationFunctions(
    NotificationSettings notifications, SubscriberTable subscribers, DeliveryTable deliveries, NotificationDelivery delivery, OutgoingSecrets secrets, IOptions<OutgoingSettings> settings, IOptions<IdentitySettings> identity)
{
    public static readonly ProblemKind OffKind = new("notificationsOff", 409, "This deployment sends no notifications.");
    public static readonly ProblemKind UrlRefusedKind = new("receiverUrlRefused", 422, "The receiver's address can't be used.");
    public static readonly ProblemKind NoneKind = new("noNotifications", 404, "No receiver is set.");
    public static readonly ProblemKind UnknownDeliveryKind = new("unknownDelivery", 404, "There is no such delivery.");

    sealed record Asked(string Url, IReadOnlyList<string>? Events = null);

    sealed record Again(string Delivery);

    /// <summary>Sets the receiver and which kinds it is told of; without <c>events</c> all. The secret is told the first time, and never again.</summary>
    [Function("PutNotifications"), Endpoint(Cost = 10, AnswerIsSecret = true)]
    public async Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "notifications")] HttpRequest request, CancellationToken stop)
    {
        var (caller, asked) = (request.Caller(ApiScope.Notify), request.Json<Asked>());
        if (caller.IsRefused(out var refusal) || asked.IsRefused(out refusal))
            return refusal;
        if (!secrets.IsPossible || identity.Value.Origin.Length == 0)
            return OffKind.Of("Its operator has set no webhook key, or no origin: follow vaults and addresses by their Atom feeds.");
        if (OutgoingUrl.Fault(asked.Value.Url, settings.Value, identity.Value.Origin) is { } fault)
            return UrlRefusedKind.Of($"It {fault}. Receivers have an https:// address with a public host name.", "url");
        var kinds = asked.Value.Events;
        if (kinds is not null && (kinds.Count is 0 || kinds.Count > NotificationKind.All.Count || !kinds.All(NotificationKind.IsKnown) || kinds.Distinct(StringComparer.Ordinal).Count() != kinds.Count))
            return HttpProblems.MalformedAt("events", "each is a kind of docs/notifications.md, and once; leave the field out for all");
        var (subscriber, isNew) = await notifications.Set(caller.Value.Address, asked.Value.Url, kinds, stop);
        return Told(subscriber, isNew);
    }

    /// <summary>The receiver without its secret, all deliveries that wait and the last fifty that are over, newest first.</summary>
    [Function("GetNotifications"), Endpoint(Cost = 5)]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications")] HttpRequest request, CancellationToken stop) =>
        WithSubscriber(request, async subscriber => JsonAnswer.Of(new
        {
            subscriber.Url, events = EventsOf(subscriber), subscriber.Gone, secretSince = subscriber.RotatedAt, deliveries = (await deliveries.All(subscriber.Address, stop)).Select(View),
        }), stop);

    [Function("DeleteNotifications"), Endpoint(Cost = 10)]
    public Task<IActionResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "notifications")] HttpRequest request, CancellationToken stop) =>
        WithSubscriber(request, async subscriber =>
        {
            await notifications.End(subscriber, stop);
            return new NoContentResult();
        }, stop);

    /// <summary>Another secret, told in this answer alone; for a day calls are signed with both.</summary>
    [Function("RotateNotificationSecret"), Endpoint(AnswerIsSecret = true)]
    public Task<IActionResult> Rotate([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/secret")] HttpRequest request, CancellationToken stop) =>
        WithSubscriber(request, async subscriber => Told(await notifications.Rotate(subscriber, stop), isNew: true), stop);

    /// <summary>Calls the receiver now and tells what came of it.</summary>
    [Function("TestNotifications"), Endpoint(Cost = 10)]
    public Task<IActionResult> Test([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/test")] HttpRequest request, CancellationToken stop) =>
        WithSubscriber(request, async subscriber =>
        {
            var answer = await delivery.Test(subscriber, stop);
            return JsonAnswer.Of(new { answer.At, answer.Milliseconds, answer.Status, answer.Outcome, answer.Detail });
        }, stop);

    /// <summary>Calls the receiver with one delivery now, whatever became of it before, and tells what came of it.</summary>
    [Function("ResendNotification"), Endpoint(Cost = 10)]
    public async Task<IActionResult> Resend([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/resend")] HttpRequest request, CancellationToken stop)
    {
        var (caller, asked) = (request.Caller(ApiScope.Notify), request.Json<Again>());
        if (caller.IsRefused(out var refusal) || asked.IsRefused(out refusal))
            return refusal;
        return await WithSubscriber(request, async subscriber => await deliveries.Find(subscriber.Address, asked.Value.Delivery, stop) is { } kept
            ? JsonAnswer.Of(View(await delivery.Resend(subscriber, kept, stop)))
            : UnknownDeliveryKind.Of("GET /api/notifications lists yours; the last fifty are kept.", "delivery"), stop);
    }

    async Task<IActionResult> WithSubscriber(HttpRequest request, Func<Subscriber, Task<IActionResult>> answer, CancellationToken stop)
    {
        var caller = request.Caller(ApiScope.Notify);
        if (caller.IsRefused(out var refusal))
            return refusal;
        return await subscribers.Find(caller.Value.Address, stop) is { IsSet: true } subscriber ? await answer(subscriber) : NoneKind.Of("PUT /api/notifications sets one.");
    }

    RenderedAnswer Told(Subscriber subscriber, bool isNew) =>
        JsonAnswer.Of(new { subscriber.Url, events = EventsOf(subscriber), secret = isNew ? secrets.Of(Subscriber.ReceiverOf(subscriber.Address), subscriber.Secret) : null, secretSince = subscriber.RotatedAt });

    static IEnumerable<string> EventsOf(Subscriber subscriber) => subscriber.Kinds ?? NotificationKind.All.Select(kind => kind.Name);

    static object View(Delivery one) => new { one.Id, one.Type, one.At, one.State, one.Attempts, one.Tried, one.Status, one.Outcome, one.Detail };
}
