using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backing;

/// <summary>
/// Sends to be watched: the vaults whose contracts logged something in the blocks that have become final since the last look, and every half hour all of them. How far a vault was read its own cursor
/// says, never this: what a look passes over, or a lost message, comes with the next half hour.
/// </summary>
public sealed class ChangedVaults(VaultRegistry registry, EthereumNode node, VaultQueues queues, TimeProvider clock)
{
    public static readonly TimeSpan AllEvery = TimeSpan.FromMinutes(30);

    const int VaultsAtOnce = 400; // of two contracts each: common nodes take up to 1,000 addresses in a filter
    const long BlocksMost = 1_000; // after a longer absence every vault is watched

    public async Task Send(CancellationToken stop)
    {
        var (final, now) = ((long)(await node.Finalized(stop)).Number, clock.GetUtcNow());
        var last = await registry.LookedUpTo(stop);
        var all = last is null || now - last.AllAt >= AllEvery || final - last.Block > BlocksMost;
        if (!all && final <= last!.Block)
            return;
        await foreach (var vaults in registry.All(stop).Chunk(VaultsAtOnce).WithCancellation(stop))
        {
            var changed = all ? vaults : await Changed(vaults, last!.Block + 1, final, stop);
            foreach (var vault in changed)
                await queues.Send(VaultQueues.Watch, new WatchVault(vault.Id), null, stop);
        }

        await registry.SetLookedUpTo(new(final, all ? now : last!.AllAt), stop);
    }

    async Task<IEnumerable<RegisteredVault>> Changed(RegisteredVault[] vaults, long first, long last, CancellationToken stop)
    {
        var logged = await node.Logged([.. vaults.SelectMany(vault => vault.Contracts)], first, last, stop);
        return vaults.Where(vault => vault.Contracts.Any(logged.Contains));
    }
}
