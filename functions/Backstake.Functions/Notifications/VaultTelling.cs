using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Notifications;

/// <summary>
/// Goes through a vault's log, each entry once, and stores what it is to those who follow the vault. The cursor moves after that: whatever dies in between is done again, under the same ids. Calling is another
/// queue's work: no receiver is waited for.
/// </summary>
public sealed class VaultTelling(VaultStore store, BlobStore blobs, SubscriberTable subscribers, DeliveryTable deliveries, VaultQueues queues, IOptions<IdentitySettings> identity, TimeProvider clock)
{
    const int EntriesMost = 500; // between two moves of the cursor: a log's beginning is some pages long
    const long BytesMost = 8 << 20; // some 200 vaults that were told last; of others the log is folded from the last settlement

    readonly KnownStates known = new(BytesMost);
    readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal); // up to where there is nothing to tell

    /// <summary>
    /// Sends a message where the log has something to tell: where anybody follows the vault or is named. What was found told is remembered, so a vault in which nothing happens costs nothing.
    /// </summary>
    public async Task Send(VaultState state, CancellationToken stop)
    {
        var before = told.GetValueOrDefault(state.Id);
        if (before == state.Sequence)
            return;
        var (sequence, isFollowed) = await subscribers.Told(state.Id, stop);
        if (sequence >= state.Sequence || (!isFollowed && NamesNobody(state, Math.Max(before, sequence))))
            told[state.Id] = state.Sequence;
        else
            await queues.Send(VaultQueues.News, new TellVault(state.Id), null, stop);
    }

    /// <summary>Of the entries after a place, as far as this process appended them itself. A settlement brings the cursor on, also where nobody follows: so it is never more than a week behind.</summary>
    bool NamesNobody(VaultState state, long after) => store.Remembered(state.Id, after) is { } entries
        && entries.TakeWhile(entry => entry.Sequence <= state.Sequence).All(entry => entry.Event is not VaultSettled && !OwnNews.Named(entry.Event).Any());

    public async Task Tell(string vault, CancellationToken stop)
    {
        long end;
        try
        {
            end = (await store.Load(vault, stop)).Sequence;
        }
        catch (LogDamagedException)
        {
            return; // nothing is believed of it until an operator has looked, who was woken
        }

        var cursor = await subscribers.Cursor(vault, stop);
        var state = known.Find(vault) is { } before && before.Sequence == cursor.Sequence ? before : null; // made where there is somebody to tell
        known.Forget(vault); // until all is told: if it doesn't go on in storage, the next try begins with what is stored
        var (following, reached) = (new Following(cursor), cursor.Sequence);
        await foreach (var entry in store.Entries(vault, reached, stop))
        {
            if (entry.Sequence > end)
                break;
            await Join(vault, entry, following, stop);
            if (following.Any(entry))
                await Store(state ??= await store.At(vault, reached, stop), entry, following, stop);
            (state, reached) = (state?.Apply(entry), entry.Sequence);
            if (reached - cursor.Sequence >= EntriesMost)
            {
                if (await subscribers.Move(vault, cursor, reached, following.Any(), stop) is not { } moved)
                    return; // somebody else is at it
                cursor = moved;
            }
        }

        if (reached > cursor.Sequence && await subscribers.Move(vault, cursor, reached, following.Any(), stop) is null)
            return;
        if (state is not null)
            known.Keep(state);
        foreach (var address in following.Told)
            await queues.Send(VaultQueues.Notifications, new CallSubscriber(address), null, stop);
    }

    /// <summary>Whom the entry brings to the vault follows it from this entry on, if they set a receiver.</summary>
    async Task Join(string vault, LogEntry entry, Following following, CancellationToken stop)
    {
        foreach (var address in OwnNews.Named(entry.Event))
        {
            await subscribers.Name(address, vault, stop);
            if (following.Has(address) || await subscribers.Find(address, stop) is not { IsSet: true })
                continue;
            var follower = new Follower(address, entry.Sequence - 1);
            await subscribers.Follow(vault, follower, stop);
            following.Add(follower);
        }
    }

    async Task Store(VaultState before, LogEntry entry, Following following, CancellationToken stop)
    {
        var paid = await Paid(before, entry, stop);
        foreach (var follower in following.At(entry))
        {
            foreach (var notification in VaultNews.Of(before, entry, follower.Address, paid))
            {
                if (await following.Find(follower.Address, subscribers, stop) is not { IsCalled: true } subscriber || !subscriber.Wants(notification))
                    continue;
                await deliveries.Add(follower.Address, new(notification.Id, notification.Kind.Name, notification.At, notification.Body(identity.Value.Origin), clock.GetUtcNow()), stop);
                following.Told.Add(follower.Address);
            }
        }
    }

    /// <summary>What the week's published books pay.</summary>
    async Task<IReadOnlyDictionary<string, Nmr>> Paid(VaultState before, LogEntry entry, CancellationToken stop)
    {
        if (VaultNews.WeekOf(before, entry.Event) is not { } week)
            return ImmutableDictionary<string, Nmr>.Empty;
        using var published = JsonDocument.Parse(await blobs.Get(before.Id, week.EntryDigest, stop));
        return published.RootElement.GetProperty("payments").EnumerateArray().ToDictionary(
            payment => payment.GetProperty("to").GetString()!, payment => payment.GetProperty("amount").Deserialize<Nmr>(LogEntryJson.Options), StringComparer.Ordinal);
    }

    /// <summary>Those who follow a vault, during a run.</summary>
    sealed class Following(VaultCursor cursor)
    {
        readonly Dictionary<string, Follower> followers = cursor.Followers.ToDictionary(follower => follower.Address, StringComparer.Ordinal);
        readonly Dictionary<string, Subscriber?> known = new(StringComparer.Ordinal);

        public HashSet<string> Told { get; } = new(StringComparer.Ordinal);

        public bool Has(string address) => followers.ContainsKey(address);

        public void Add(Follower follower) => followers.Add(follower.Address, follower);

        public bool Any() => followers.Count > 0;

        public bool Any(LogEntry entry) => followers.Values.Any(follower => follower.After < entry.Sequence);

        public IEnumerable<Follower> At(LogEntry entry) => followers.Values.Where(follower => follower.After < entry.Sequence);

        /// <summary>Asked only where there is something to tell.</summary>
        public async Task<Subscriber?> Find(string address, SubscriberTable subscribers, CancellationToken stop) =>
            known.TryGetValue(address, out var subscriber) ? subscriber : known[address] = await subscribers.Find(address, stop);
    }
}
