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
/// deployment knew it halts at once: the chain doesn't say which rounds were missed, nor when those that are open end, so its history must be imported.
/// </summary>
public sealed class FactoryWatcher(
    VaultStore store, VaultRegistry registry, EthereumNode node, INumerai numerai, IOptions<EthereumSettings> settings, ILogger<FactoryWatcher> logger)
{
    const long BlocksMost = (long)VaultLog.BlocksPerRequest;

    public async Task Watch(CancellationToken stop)
    {
        var block = await node.Finalized(stop);
        var final = (long)block.Number;
        var from = (await registry.ReadUpTo(stop) ?? settings.Value.FactoryBlock - 1) + 1;
        // What was read is kept as it goes: a node that often fails would otherwise never answer all of a long absence at once.
        for (var to = Math.Min(final, from + BlocksMost - 1); from <= final; from = to + 1, to = Math.Min(final, from + BlocksMost - 1))
        {
            foreach (var created in await node.Vaults(from, to, stop))
                await Add(created, block, stop);
            await registry.SetReadUpTo(to, stop);
        }
    }

    async Task Add(CreatedVault created, ChainBlock final, CancellationToken stop)
    {
        var id = created.Vault.ToLowerInvariant();
        var reader = new VaultReader(node.Web3, id, created.Block.Number);
        var (facts, state) = (await reader.Created(stop), await reader.State(stop));
        var (tournament, modelId) = ((int)facts.Tournament, UuidWord.Read(facts.ModelId).ToString());
        var name = await numerai.ModelName(modelId, stop);
        var accepted = (await new VaultReader(node.Web3, id, final.Number).State(stop)).LastAccepted;
        await store.Run(id, async work =>
        {
            if (work.State.Sequence > 0)
                return;
            var added = new NewEntry("vault", new VaultAdded(
                    id, state.Notices.ToLowerInvariant(), facts.Owner.ToLowerInvariant(), state.Staker.ToLowerInvariant(), tournament, modelId, name, OverlappingRounds.Of(tournament),
                    facts.FirstCutTime, (int)facts.WindowTime.TotalSeconds, (long)created.Block.Number), created.Block.Time);
            if (accepted == 0)
            {
                await work.Append(stop, added);
                return;
            }

            var missing = new VaultHalted(Cause.HistoryMissing, $"Week {accepted} is accepted on chain, and this deployment has nothing of the vault: import its history (backstake ops import).");
            logger.LogCritical("Vault {Vault} halts: {Reason}", id, missing.Detail);
            await work.Append(stop, added, new NewEntry("halt|1", missing, final.Time));
        }, stop);
        await registry.Add(new RegisteredVault(id, tournament, modelId), stop);
    }
}
