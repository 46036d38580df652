using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Releases;

public sealed class ReleaseFunctions(ReleaseSender releases, StepLimits limits)
{
    [Function("SendReleases")]
    public Task Send([QueueTrigger(VaultQueues.Releases)] SendReleases message, CancellationToken stop) =>
        limits.Run(stop => releases.Send(message, stop), stop);
}
