using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Releases;

public sealed class ReleaseFunctions(ReleaseSender releases)
{
    [Function("SendReleases")]
    public Task Send([QueueTrigger(VaultQueues.Releases)] SendReleases message, CancellationToken stop) => releases.Send(message, stop);
}
