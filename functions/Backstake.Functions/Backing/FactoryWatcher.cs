using Backstake.Chain;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Backing;

/// <summary>Finds the vaults that the factory made, in final blocks: each begins its log and enters the registry.</summary>
public sealed class FactoryWatcher(VaultStore store, VaultRegistry registry, EthereumNode node, INumerai numerai, IOptions<EthereumSettings> settings)
{
    public async Task Watch(CancellationToken stop)
    {
        var final = await node.Finalized(stop);
        var from = (await registry.ReadUpTo(stop) ?? settings.Value.FactoryBlock - 1) + 1;
        if (from > final.Number)
            return;
        foreach (var created in await VaultLogs.Created(node.Web3, settings.Value.Factory, from, final.Number, stop))
            await Add(created, stop);
        await registry.SetReadUpTo(final.Number, stop);
    }

    async Task Add(CreatedVault created, CancellationToken stop)
    {
        var id = created.Vault.ToLowerInvariant();
        var facts = await VaultViews.Facts(node.Web3, id, stop);
        var modelId = ModelIds.ToApi(facts.ModelId);
        var name = await numerai.ModelName(modelId, stop);
        var tournament = (int)facts.Tournament;
        await store.Run(id, async work =>
        {
            if (work.State.Sequence == 0)
                await work.Append(stop, new NewEntry("vault", new VaultAdded(
                    id, facts.Owner.ToLowerInvariant(), facts.Staker.ToLowerInvariant(), tournament, modelId, name, ConcurrentRounds(tournament),
                    DateTimeOffset.FromUnixTimeSeconds((long)facts.FirstCut), (int)facts.Window, created.Block), created.Time));
        }, stop);
        await registry.Add(new RegisteredVault(id, tournament, modelId), stop);
    }

    /// <summary>How many rounds of a tournament overlap at most (NUMERAI.md, "Rounds").</summary>
    static int ConcurrentRounds(int tournament) => tournament == 12 ? 24 : 64;
}
