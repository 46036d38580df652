using System.Collections.Concurrent;
using Backstake.Chain;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Backing;

/// <summary>
/// Finds the vaults that the factory made, in final blocks: each begins its log and enters the registry. One whose weeks were accepted on chain before this
/// deployment knew it halts at once: the chain doesn't say which rounds were missed, nor when those that are open end, so its history must be imported. So does one that
/// names a model which another vault has: anybody can make a vault that names any model, and would replace the other's file at Numerai.
/// </summary>
public sealed class FactoryWatcher(
    VaultStore store, VaultRegistry registry, ModelVaults models, EthereumNode node, INumerai numerai, VaultQueues queues, IOptions<EthereumSettings> settings, ILogger<FactoryWatcher> logger)
{
    /// <summary>No staker is adopted earlier than so long after it was announced (CONTRACT.md, Notices).</summary>
    static readonly TimeSpan AdoptionTakes = TimeSpan.FromDays(14);

    // By vault, up to where its notices are known to tell of no adoption: final blocks, so it stays so, and a node that often fails need not answer for all of them at once.
    readonly ConcurrentDictionary<string, long> unadopted = new(StringComparer.Ordinal);

    /// <summary>So far ahead no week is counted; what is beyond year 9999 is no time at all.</summary>
    static readonly DateTimeOffset LastCut = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task Watch(CancellationToken stop)
    {
        var block = await node.Finalized(stop);
        var final = (long)block.Number;
        var first = (await registry.ReadUpTo(stop) ?? settings.Value.FactoryBlock - 1) + 1;
        // What was read is kept as it goes: a node that often fails would otherwise never answer all of a long absence at once.
        foreach (var (before, (from, to)) in BlockRange.Between(first, final).Index())
        {
            foreach (var created in await node.Vaults(from, to, stop))
            {
                try
                {
                    await Add(created, block, stop);
                }
                catch (NumeraiException limit) when (limit.Cause == NumeraiException.LimitCause)
                {
                    await registry.SetReadUpTo((long)created.Block.Number - 1, stop);
                    return; // the next look goes on here
                }
            }

            if (to == final || (before + 1) % ChainWatcher.RequestsMost == 0)
                await registry.SetReadUpTo(to, stop);
        }
    }

    async Task Add(CreatedVault created, ChainBlock final, CancellationToken stop)
    {
        var id = created.Vault.ToLowerInvariant();
        if (await registry.Read(id, stop) is not null)
            return;
        var latest = await node.At(id, final.Number, stop);
        var (facts, last) = (await latest.Created(stop), await latest.State(stop));
        if (!IsKnowable(facts))
        {
            logger.LogError("Vault {Vault} isn't taken: no model, tournament or time of Numerai's has its numbers", id);
            return;
        }

        // With which staker the vault began. A node that keeps no old states answers for the last blocks alone: it is asked for the first one's only if that was another.
        var state = await HasAdopted(created, last, final, stop) ? await (await node.At(id, created.Block.Number, stop)).State(stop) : last;
        var (tournament, modelId) = ((int)facts.Tournament, UuidWord.Read(facts.ModelId).ToString());
        var name = await numerai.ModelName(modelId, stop);
        var halted = last.LastAccepted > 0
            ? new VaultHalted(Cause.HistoryMissing, $"Week {last.LastAccepted} is accepted on chain, and this deployment has nothing of the vault: import its history (backstake ops import).")
            : await models.Others(new RegisteredVault(id, tournament, modelId), stop).FirstOrDefaultAsync(stop) is { } earlier // found before: the factory's vaults are found in their order
            ? new VaultHalted(Cause.ModelTaken, $"Vault {earlier.Id} has the same model, and only one can submit for it: find out whose the model is. If it is this one's owner's, halt the other and resume this one.")
            : null;
        await store.Run(id, async work =>
        {
            if (work.State.Sequence > 0)
                return;
            var added = new NewEntry("vault", new VaultAdded(
                    id, state.Notices.ToLowerInvariant(), facts.Owner.ToLowerInvariant(), state.Staker.ToLowerInvariant(), tournament, modelId, name, OverlappingRounds.Of(tournament),
                    facts.FirstCutTime, (int)facts.WindowTime.TotalSeconds, (long)created.Block.Number), created.Block.Time);
            if (halted is null)
            {
                await work.Append(stop, added);
                return;
            }

            logger.LogCritical("Vault {Vault} halts: {Reason}", id, halted.Detail);
            await work.Append(stop, added, new NewEntry("halt|1", halted, final.Time));
        }, stop);
        await registry.Add(new RegisteredVault(id, tournament, modelId) { Notices = state.Notices.ToLowerInvariant() }, stop);
        unadopted.TryRemove(created.Vault, out _);
        await queues.Send(VaultQueues.Watch, new WatchVault(id), null, stop); // what it logged until now no look at the others' blocks finds
    }

    /// <summary>Anybody can create a vault with whatever numbers the contract lets through: one of them must keep no other from being found.</summary>
    static bool IsKnowable(CreateVault facts) => facts.Tournament <= int.MaxValue && UuidWord.IsOne(facts.ModelId) && facts.FirstCut <= (ulong)LastCut.ToUnixTimeSeconds();

    async Task<bool> HasAdopted(CreatedVault created, ChainState last, ChainBlock final, CancellationToken stop)
    {
        if (final.Time - created.Block.Time < AdoptionTakes)
            return false;
        foreach (var (from, to) in BlockRange.Between(unadopted.GetValueOrDefault(created.Vault, (long)created.Block.Number - 1) + 1, (long)final.Number))
        {
            if ((await node.Log([last.Notices], from, to, stop)).Any(seen => seen.Event is StakerAdoptedEvent))
                return true;
            unadopted[created.Vault] = to;
        }

        return false;
    }
}
