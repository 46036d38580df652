using System.Collections.Concurrent;
using System.Globalization;
using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Vaults;

/// <summary>A vault in the list; of one whose log is damaged only that, and what.</summary>
public sealed record ListedVault(RegisteredVault Vault, VaultSummary? Summary, string? Damage)
{
    public object View => Summary ?? (object)new { Vault.Id, Vault.Tournament, Vault.ModelId, Status = "halted", Damage };
}

/// <summary>Pages of the vaults. A summary is read again after <see cref="Fresh"/>: a page for everybody needs no read per vault and visitor.</summary>
public sealed class VaultList(VaultStore store, VaultRegistry registry, [FromKeyedServices(MachineClock.Key)] TimeProvider clock)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    const int AtOnce = 16;

    readonly ConcurrentDictionary<string, (long At, ListedVault Vault)> known = new(StringComparer.Ordinal);

    /// <returns>The page, and what the next one begins after; null: it was the last.</returns>
    public async Task<(IReadOnlyList<ListedVault> Page, string? Last)> Page(VaultQuery query, Paging paging, CancellationToken stop)
    {
        var page = new List<ListedVault>();
        if (query.Sort == VaultQuery.ById)
        {
            // One more than the page has, to know whether there is another.
            await foreach (var part in InParts(query, paging.After ?? "", paging.Limit + 1, stop))
                page.AddRange(part.Take(paging.Limit + 1 - page.Count));
            return Cut(page, paging.Limit, vault => vault.Vault.Id);
        }

        await foreach (var part in InParts(query, "", int.MaxValue, stop))
            page.AddRange(part);
        string Place(ListedVault vault) => string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - 1 - (vault.Summary is { } summary ? query.Rank(summary) : -1):D20}|{vault.Vault.Id}");
        return Cut([.. page.OrderBy(Place, StringComparer.Ordinal).Where(vault => paging.After is null || string.CompareOrdinal(Place(vault), paging.After) > 0).Take(paging.Limit + 1)], paging.Limit, Place);
    }

    static (IReadOnlyList<ListedVault>, string?) Cut(List<ListedVault> page, int limit, Func<ListedVault, string> place) =>
        page.Count <= limit ? (page, null) : (page[..limit], place(page[limit - 1]));

    async IAsyncEnumerable<IEnumerable<ListedVault>> InParts(VaultQuery query, string after, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (waiting, found) = (new List<RegisteredVault>(AtOnce), 0);
        await foreach (var vault in registry.After(after, stop))
        {
            if (!query.Wants(vault))
                continue;
            waiting.Add(vault);
            if (waiting.Count < AtOnce)
                continue;
            var part = await Read(query, waiting, stop);
            yield return part;
            if ((found += part.Count) >= most)
                yield break;
            waiting.Clear();
        }

        yield return await Read(query, waiting, stop);
    }

    async Task<List<ListedVault>> Read(VaultQuery query, IEnumerable<RegisteredVault> vaults, CancellationToken stop) =>
        [.. (await Task.WhenAll(vaults.Select(vault => Look(vault, stop)))).Where(vault => vault.Summary is { } summary ? query.Wants(summary) : query.Status is null or "halted")];

    async Task<ListedVault> Look(RegisteredVault vault, CancellationToken stop)
    {
        var now = clock.GetTimestamp();
        if (known.TryGetValue(vault.Id, out var seen) && clock.GetElapsedTime(seen.At, now) < Fresh)
            return seen.Vault;
        ListedVault looked;
        try
        {
            var state = await store.Load(vault.Id, stop);
            looked = new(vault, state.Sequence == 0 ? null : VaultSummary.Of(state), null);
        }
        catch (LogDamagedException damage)
        {
            looked = new(vault, null, damage.Message);
        }

        known[vault.Id] = (now, looked);
        return looked;
    }
}
