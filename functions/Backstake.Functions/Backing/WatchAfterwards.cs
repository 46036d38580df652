using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Backing;

/// <summary>After a transaction was sent, its vault is watched when the block may be final: sooner than the timer would.</summary>
public sealed class WatchAfterwards(VaultQueues queues, IOptions<EthereumSettings> settings)
{
    public Task Send(string vault, CancellationToken stop) => settings.Value.WatchAfter is var after && after > TimeSpan.Zero
        ? queues.Send(VaultQueues.Watch, new WatchVault(vault), after, stop)
        : Task.CompletedTask; // the timer's next look finds it
}
