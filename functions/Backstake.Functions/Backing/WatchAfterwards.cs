using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Backing;

/// <summary>After a transaction was sent, its vault is watched when the block may be final: sooner than the timer would.</summary>
public sealed class WatchAfterwards(VaultQueues queues, IOptions<EthereumSettings> settings)
{
    public Task Send(string vault, CancellationToken stop) => queues.Send(VaultQueues.Watch, new WatchVault(vault), settings.Value.WatchAfter, stop);
}
