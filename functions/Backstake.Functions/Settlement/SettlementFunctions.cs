using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Settlement;

public sealed class SettlementFunctions(SettlementSender settlements, RoundCollector collector, StepLimits limits)
{
    [Function("SettleWeek")]
    public Task Settle([QueueTrigger(VaultQueues.Settlements)] SettleWeek message, CancellationToken stop) =>
        limits.Run(stop => settlements.Send(message, stop), stop);

    [Function("CollectRound")]
    public Task Collect([QueueTrigger(VaultQueues.Collects)] CollectRound message, CancellationToken stop) =>
        limits.Run(stop => collector.Collect(message, stop), stop);
}
