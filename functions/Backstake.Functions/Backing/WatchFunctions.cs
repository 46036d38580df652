using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Backing;

/// <summary>The chain watcher's triggers: a timer that finds new vaults and fans out a message for each vault that is to be watched, and the message.</summary>
public sealed class WatchFunctions(FactoryWatcher factory, ChangedVaults changed, ChainWatcher watcher, StepLimits limits)
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
            await changed.Send(stop);
        }
    }

    [Function("WatchVault")]
    public Task Watch([QueueTrigger(VaultQueues.Watch)] WatchVault message, CancellationToken stop) =>
        limits.Run(stop => watcher.Watch(message.Vault, stop), stop);
}
