using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
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
        var final = (long)(await node.Finalized(stop)).Number;
        var from = (await registry.ReadUpTo(stop) ?? settings.Value.FactoryBlock - 1) + 1;
        if (from > final)
            return;
        foreach (var created in await FactoryLog.Read(node.Web3, settings.Value.Factory, (ulong)from, (ulong)final, stop))
            await Add(created, stop);
        await registry.SetReadUpTo(final, stop);
    }

    async Task Add(CreatedVault created, CancellationToken stop)
    {
        var id = created.Vault.ToLowerInvariant();
        var facts = await new VaultReader(node.Web3, id, created.Block.Number).Identity(stop);
        var modelId = UuidWord.Read(facts.ModelId).ToString();
        var name = await numerai.ModelName(modelId, stop);
        await store.Run(id, async work =>
        {
            if (work.State.Sequence == 0)
                await work.Append(stop, new NewEntry("vault", new VaultAdded(
                    id, facts.Owner.ToLowerInvariant(), facts.Staker.ToLowerInvariant(), facts.Tournament, modelId, name, ConcurrentRounds(facts.Tournament),
                    facts.FirstCut, (int)facts.Window.TotalSeconds, (long)created.Block.Number), created.Block.Time));
        }, stop);
        await registry.Add(new RegisteredVault(id, facts.Tournament, modelId), stop);
    }

    /// <summary>How many rounds of a tournament overlap at most (NUMERAI.md, "Rounds").</summary>
    static int ConcurrentRounds(int tournament) => tournament == 12 ? 24 : 64;
}
