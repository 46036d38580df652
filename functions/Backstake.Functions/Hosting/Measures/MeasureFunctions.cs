using Backstake.Chain;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Notifications;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>
/// Measures what the alerts look at. What can't be measured now is left out, and said; the heartbeat comes last, and only if storage answered:
/// then everything that needs no chain was measured.
/// </summary>
public sealed class MeasureFunctions(
    VaultRegistry registry, VaultLook vaults, SignerLook signers, QueueLengths queues, Quarantine quarantine, FlowTimes times, DeliveryTable deliveries, EthereumNode node, Meters meters, TimeProvider clock, ILogger<MeasureFunctions> logger)
{
    [Function("Measure")]
    public async Task Measure([TimerTrigger("%MeasureSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        foreach (var queue in (await queues.All(stop)).Values)
        {
            meters.Record(new(MeasureNames.QueueMessages, "queue", queue.Queue, queue.Messages));
            meters.Record(new(MeasureNames.QueuePoison, "queue", queue.Queue, queue.Poison));
        }

        var kept = (await quarantine.All(stop)).CountBy(message => message.Queue).ToDictionary(StringComparer.Ordinal);
        foreach (var queue in VaultQueues.All)
            meters.Record(new(MeasureNames.Quarantined, "queue", queue, kept.GetValueOrDefault(queue)));

        var now = clock.GetUtcNow();
        meters.Record(new(MeasureNames.NotificationsLate, "queue", VaultQueues.Notifications, (long)(await deliveries.Late(now, stop)).TotalMinutes));
        foreach (var time in (await times.All(stop)).Where(it => Flows.Of(it.Function)!.IsTimer))
            meters.Record(new(MeasureNames.FlowIdle, "function", time.Function, (long)time.Idle(now).TotalMinutes));

        var final = await OfChain(() => node.Finalized(stop));
        if (final is not null)
        {
            meters.Record(new(MeasureNames.FinalAge, "node", "node", Math.Max(0, (long)(now - final.Time).TotalMinutes)));
            foreach (var measure in await OfChain(() => signers.All(stop)) ?? [])
                meters.Record(measure);
        }

        await foreach (var vault in registry.All(stop))
        {
            foreach (var measure in await vaults.At(vault, final, stop))
                meters.Record(measure);
        }

        meters.Beat();
    }

    /// <summary>Null if the node doesn't answer: the age of what it last said can't be known then, and the watcher's timer is idle, which has its own alert.</summary>
    async Task<T?> OfChain<T>(Func<Task<T>> look)
        where T : class
    {
        try
        {
            return await look();
        }
        catch (Exception unreachable) when (NodeFailure.Is(unreachable))
        {
            logger.LogWarning("The Ethereum node can't be used ({Kind}): what needs it is not measured", unreachable.GetType().Name);
            return null;
        }
    }
}
