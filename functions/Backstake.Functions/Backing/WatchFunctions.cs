using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Backing;

/// <summary>The chain watcher's triggers: a timer that finds new vaults and fans out one message per vault, and the message.</summary>
public sealed class WatchFunctions(FactoryWatcher factory, ChainWatcher watcher, VaultRegistry registry, VaultQueues queues, StepLimits limits)
{
    [Function("WatchChain")]
    public async Task FanOut([TimerTrigger("%WatchSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        try
        {
            await factory.Watch(stop);
        }
        finally
        {
            // The vaults that are known don't wait for the factory.
            await foreach (var vault in registry.All(stop))
                await queues.Send(VaultQueues.Watch, new WatchVault(vault.Id), null, stop);
        }
    }

    [Function("WatchVault")]
    public Task Watch([QueueTrigger(VaultQueues.Watch)] WatchVault message, CancellationToken stop) =>
        limits.Run(stop => watcher.Watch(message.Vault, stop), stop);
}
