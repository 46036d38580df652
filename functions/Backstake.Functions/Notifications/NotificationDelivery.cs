using System.Text;
using System.Text.Json;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Notifications;

/// <summary>
/// Calls a subscriber's receiver with what waits for it, until it has answered with 2xx: at least once, in no promised order. A call that fails ends the turn; the next comes after a pause that grows, and what
/// fails three days after it was stored is given up. Each subscriber waits for their own receiver alone.
/// </summary>
public sealed class NotificationDelivery(SubscriberTable subscribers, DeliveryTable deliveries, OutgoingCaller caller, VaultQueues queues, TimeProvider clock)
{
    /// <summary>After so many failed calls in a row; after more of them the last.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10)];

    static readonly TimeSpan Turn = TimeSpan.FromMinutes(10); // longer than the host lets any step run: then whoever had it is dead
    static readonly TimeSpan TurnsCalls = TimeSpan.FromMinutes(2); // a slow receiver ends well within the limit of a step, and goes on in the next

    /// <summary>Sends a message for each address that is due. A message that was lost is only late.</summary>
    public async Task SendDue(CancellationToken stop)
    {
        await foreach (var (address, _) in deliveries.Due(clock.GetUtcNow(), stop))
            await queues.Send(VaultQueues.Notifications, new CallSubscriber(address), null, stop);
    }

    /// <summary>What waits for the address, if it is due.</summary>
    public async Task Deliver(string address, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (await deliveries.Take(address, now, now + Turn, stop) is not { } turn)
            return;
        using var calls = new CancellationTokenSource(TurnsCalls);
        while (true)
        {
            foreach (var delivery in Waiting(await deliveries.All(address, stop)))
            {
                if (calls.IsCancellationRequested)
                {
                    await deliveries.Postpone(turn, clock.GetUtcNow(), stop);
                    await queues.Send(VaultQueues.Notifications, new CallSubscriber(address), null, stop);
                    return;
                }

                var tried = await subscribers.Find(address, stop) is { IsCalled: true } subscriber ? await Call(subscriber, delivery, stop) : null;
                if (tried is null or { Outcome: OutgoingAnswer.Gone })
                {
                    await Stop(address, stop);
                    break;
                }

                if (tried.State == DeliveryState.Waiting)
                {
                    await Postpone(turn, stop);
                    return;
                }

                turn = turn with { Failures = 0 };
            }

            if (await deliveries.End(turn, stop))
                break;
            turn = await deliveries.Again(turn, now + Turn, stop);
        }

        await deliveries.Prune(address, stop);
    }

    /// <summary>Calls with one delivery now, whatever became of it before. A receiver that takes it isn't gone any more.</summary>
    public async Task<Delivery> Resend(Subscriber subscriber, Delivery delivery, CancellationToken stop) => await Call(subscriber, delivery, stop);

    /// <summary>A call that tells nothing, under an id of its own.</summary>
    public async Task<OutgoingAnswer> Test(Subscriber subscriber, CancellationToken stop)
    {
        var id = $"test_{Guid.NewGuid():N}";
        var body = JsonSerializer.SerializeToUtf8Bytes(new { id, type = "test", timestamp = clock.GetUtcNow(), text = "A test", data = new { address = subscriber.Address } }, JsonSerializerOptions.Web);
        var answer = await caller.Call(subscriber.Receiver, id, body, answerMost: 0, stop);
        await Remember(subscriber, answer, stop);
        return answer;
    }

    /// <summary>Those tried least first: one that a receiver can't digest holds up no other.</summary>
    static IEnumerable<Delivery> Waiting(IEnumerable<Delivery> all) => all.Where(delivery => delivery.State == DeliveryState.Waiting).OrderBy(delivery => delivery.Attempts).ThenBy(delivery => delivery.Stored).ThenBy(delivery => delivery.At);

    async Task<Delivery> Call(Subscriber subscriber, Delivery delivery, CancellationToken stop)
    {
        var answer = await caller.Call(subscriber.Receiver, delivery.Id, Encoding.UTF8.GetBytes(delivery.Body), answerMost: 0, stop);
        var tried = delivery.After(answer);
        await deliveries.Put(subscriber.Address, tried, stop);
        await Remember(subscriber, answer, stop);
        return tried;
    }

    /// <summary>Whether the receiver is gone: 410 says so, and 2xx that it isn't.</summary>
    async Task Remember(Subscriber subscriber, OutgoingAnswer answer, CancellationToken stop)
    {
        if (answer.Outcome is OutgoingAnswer.Ok or OutgoingAnswer.Gone && subscriber.Gone != (answer.Outcome == OutgoingAnswer.Gone))
            await subscribers.SetGone(subscriber, !subscriber.Gone, stop);
    }

    async Task Postpone(DeliveryTurn turn, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        foreach (var old in Waiting(await deliveries.All(turn.Address, stop)).Where(delivery => now >= delivery.Stored + Delivery.Lasts).ToList())
            await deliveries.Put(turn.Address, old with { State = DeliveryState.GivenUp }, stop);
        var pause = Pauses[Math.Min(turn.Failures, Pauses.Count - 1)];
        await deliveries.Postpone(turn with { Failures = turn.Failures + 1 }, now + pause, stop);
        await queues.Send(VaultQueues.Notifications, new CallSubscriber(turn.Address), pause, stop);
    }

    async Task Stop(string address, CancellationToken stop)
    {
        foreach (var delivery in Waiting(await deliveries.All(address, stop)).ToList())
            await deliveries.Put(address, delivery with { State = DeliveryState.Stopped }, stop);
    }
}
