using Backstake.Functions.Storage;

namespace Backstake.Functions.Hosting.Status;

/// <summary>How many messages a queue holds, and how many were put aside after their last try: Azure's own, approximate numbers.</summary>
public sealed record QueueLength(string Queue, long Messages, long Poison);

public sealed class QueueLengths(StorageClients storage)
{
    public async Task<IReadOnlyDictionary<string, QueueLength>> All(CancellationToken stop)
    {
        var lengths = new Dictionary<string, QueueLength>(StringComparer.Ordinal);
        foreach (var queue in VaultQueues.All)
            lengths[queue] = new(queue, await Length(queue, stop), await Length(VaultQueues.PoisonOf(queue), stop));
        return lengths;
    }

    async Task<long> Length(string queue, CancellationToken stop) =>
        (await storage.Queues.GetQueueClient(queue).GetPropertiesAsync(stop)).Value.ApproximateMessagesCount;
}
