using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Notifications;

/// <summary>The two steps of a notification: from a vault's log to those whom it concerns, and from there to their receivers.</summary>
public sealed class TellingFunctions(VaultTelling telling, NotificationDelivery delivery, StepLimits limits)
{
    [Function("TellVault")]
    public Task Tell([QueueTrigger(VaultQueues.News)] TellVault message, CancellationToken stop) => limits.Run(stop => telling.Tell(message.Vault, stop), stop);

    [Function("CallSubscriber")]
    public Task Call([QueueTrigger(VaultQueues.Notifications)] CallSubscriber message, CancellationToken stop) => limits.Run(stop => delivery.Deliver(message.Address, stop), stop);
}
