using Backstake.Functions.Outgoing;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Notifications;

/// <summary>Sets, changes and ends where an address's notifications go.</summary>
public sealed class NotificationSettings(SubscriberTable subscribers, LogTable log, VaultQueues queues, TimeProvider clock)
{
    /// <summary>From now on the address is told of every vault in which it ever had something to do, and of those to come.</summary>
    /// <returns>And whether its secret is new: whoever has set a receiver before has it already.</returns>
    public async Task<(Subscriber Subscriber, bool IsNew)> Set(string address, string url, IReadOnlyList<string>? kinds, CancellationToken stop)
    {
        var (known, now) = (await subscribers.Find(address, stop), clock.GetUtcNow());
        var isNew = known is not { IsSet: true };
        var subscriber = known is { IsSet: true }
            ? known with { Url = url, Kinds = kinds, Gone = false }
            : new Subscriber(address, url, kinds, known?.Secret ?? 1, now - StandardWebhooks.Overlap, now, Gone: false); // no other secret is valid beside it
        await subscribers.Put(subscriber, stop);
        await foreach (var vault in subscribers.VaultsOf(address, stop))
        {
            await subscribers.Follow(vault, new(address, (await log.Head(vault, stop)).Sequence), stop);
            await subscribers.SetFollowed(vault, stop);
            await queues.Send(VaultQueues.News, new TellVault(vault), null, stop); // what is appended at this moment by somebody who doesn't know of the follower yet
        }

        return (subscriber, isNew);
    }

    public async Task<Subscriber> Rotate(Subscriber subscriber, CancellationToken stop)
    {
        var rotated = subscriber with { Secret = subscriber.Secret + 1, RotatedAt = clock.GetUtcNow() };
        await subscribers.Put(rotated, stop);
        return rotated;
    }

    /// <summary>Nobody is called any more, and the secret is nobody's.</summary>
    public async Task End(Subscriber subscriber, CancellationToken stop)
    {
        await subscribers.Put(subscriber with { Url = "", Kinds = null, Secret = subscriber.Secret + 1, RotatedAt = clock.GetUtcNow() }, stop);
        await foreach (var vault in subscribers.VaultsOf(subscriber.Address, stop))
            await subscribers.Unfollow(vault, subscriber.Address, stop);
    }
}
