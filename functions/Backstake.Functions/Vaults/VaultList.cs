using System.Collections.Concurrent;
using System.Globalization;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Vaults;

/// <summary>A vault in the list; of one whose log is damaged only that, and what.</summary>
public sealed record ListedVault(RegisteredVault Vault, VaultSummary? Summary, string? Damage)
{
    public object View => Summary ?? (object)new { Vault.Id, Vault.Tournament, Vault.ModelId, Status = "halted", Damage };
}

/// <summary>
/// Pages of the vaults, from what this process knows of them. Which vaults there are is read again when the factory was read on, which is asked every two seconds at most. A summary is read again when it is old: two seconds, or ten
/// milliseconds a vault, so that the list of many vaults costs no more than a hundred reads a second, however often it is asked for. What is old is answered while it is read again; what is very old is waited for.
/// </summary>
public sealed class VaultList(VaultStore store, VaultRegistry registry, ModelOwners models, [FromKeyedServices(MachineClock.Key)] TimeProvider clock)
{
    static readonly TimeSpan FreshLeast = TimeSpan.FromSeconds(2);
    static readonly TimeSpan FreshOfVault = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan UsableOfVault = TimeSpan.FromMilliseconds(60); // a minute at a thousand vaults; below 34 they are never answered when old
    const int AtOnce = 16;
    const int AtOnceBehind = 4; // a visitor's own read doesn't wait long for these

    readonly ConcurrentDictionary<string, (long At, ListedVault Vault)> known = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<Task<ListedVault>>> looks = new(StringComparer.Ordinal);
    readonly SemaphoreSlim behind = new(AtOnceBehind, AtOnceBehind);
    volatile Registered? registered;

    /// <param name="At">When it was asked up to which block the factory was read.</param>
    /// <param name="Vaults">In the order of their ids.</param>
    sealed record Registered(long At, long Block, IReadOnlyList<RegisteredVault> Vaults);

    /// <returns>The page, and what the next one begins after; null: it was the last.</returns>
    public async Task<(IReadOnlyList<ListedVault> Page, string? Last)> Page(VaultQuery query, Paging paging, CancellationToken stop)
    {
        var (all, page) = (await Registry(stop), new List<ListedVault>());
        if (query.Sort == VaultQuery.ById)
        {
            // One more than the page has, to know whether there is another.
            foreach (var part in all.SkipWhile(vault => paging.After is { } after && string.CompareOrdinal(vault.Id, after) <= 0).Where(query.Wants).Chunk(AtOnce))
            {
                page.AddRange((await Look(query, part, all.Count, stop)).Take(paging.Limit + 1 - page.Count));
                if (page.Count > paging.Limit)
                    break;
            }

            return Cut(page, paging.Limit, vault => vault.Vault.Id);
        }

        foreach (var part in all.Where(query.Wants).Chunk(AtOnce))
            page.AddRange(await Look(query, part, all.Count, stop));
        string Place(ListedVault vault) => string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - 1 - (vault.Summary is { } summary ? query.Rank(summary) : -1):D20}|{vault.Vault.Id}");
        return Cut([.. page.OrderBy(Place, StringComparer.Ordinal).Where(vault => paging.After is null || string.CompareOrdinal(Place(vault), paging.After) > 0).Take(paging.Limit + 1)], paging.Limit, Place);
    }

    static (IReadOnlyList<ListedVault>, string?) Cut(List<ListedVault> page, int limit, Func<ListedVault, string> place) =>
        page.Count <= limit ? (page, null) : (page[..limit], place(page[limit - 1]));

    /// <summary>The vaults are registered before it is said that the factory was read so far.</summary>
    async Task<IReadOnlyList<RegisteredVault>> Registry(CancellationToken stop)
    {
        var (before, now) = (registered, clock.GetTimestamp());
        if (before is not null && clock.GetElapsedTime(before.At) < FreshLeast)
            return before.Vaults;
        var block = await registry.ReadUpTo(stop);
        if (before is not null && before.Block == block)
            return (registered = before with { At = now }).Vaults;
        var vaults = new List<RegisteredVault>();
        await foreach (var vault in registry.All(stop))
            vaults.Add(vault);
        if (block is { } read)
            registered = new(now, read, vaults);
        return vaults;
    }

    async Task<IEnumerable<ListedVault>> Look(VaultQuery query, IEnumerable<RegisteredVault> vaults, int count, CancellationToken stop) =>
        (await Task.WhenAll(vaults.Select(vault => Look(vault, count).WaitAsync(stop)))).Where(vault => vault.Summary is { } summary ? query.Wants(summary) : query.Status is null or "halted");

    Task<ListedVault> Look(RegisteredVault vault, int count)
    {
        if (!known.TryGetValue(vault.Id, out var seen))
            return LookAgain(vault, isBehind: false);
        var age = clock.GetElapsedTime(seen.At);
        if (age >= FreshLeast && age >= UsableOfVault * count)
            return LookAgain(vault, isBehind: false);
        if (age >= FreshLeast && age >= FreshOfVault * count)
            _ = LookAgain(vault, isBehind: true).ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // who waits for it next is told
        return Task.FromResult(seen.Vault);
    }

    /// <summary>One look at a vault at a time, for all who want it.</summary>
    Task<ListedVault> LookAgain(RegisteredVault vault, bool isBehind) => looks.GetOrAdd(vault.Id, _ => new Lazy<Task<ListedVault>>(() => Read(vault, isBehind))).Value;

    async Task<ListedVault> Read(RegisteredVault vault, bool isBehind)
    {
        if (isBehind)
            await behind.WaitAsync();
        try
        {
            var now = clock.GetTimestamp();
            ListedVault looked;
            try
            {
                var state = await store.Load(vault.Id, CancellationToken.None);
                looked = new(vault, state.Sequence == 0 ? null : VaultSummary.Of(state, await models.Recent(vault.Id, CancellationToken.None)), null);
            }
            catch (LogDamagedException damage)
            {
                looked = new(vault, null, damage.Message);
            }

            known[vault.Id] = (now, looked);
            return looked;
        }
        finally
        {
            looks.TryRemove(vault.Id, out _);
            if (isBehind)
                behind.Release();
        }
    }
}
