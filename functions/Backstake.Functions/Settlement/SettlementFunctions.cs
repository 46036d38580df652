using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Settlement;

public sealed class SettlementFunctions(SettlementSender settlements, RoundCollector collector)
{
    [Function("SettleWeek")]
    public Task Settle([QueueTrigger(VaultQueues.Settlements)] SettleWeek message, CancellationToken stop) => settlements.Send(message, stop);

    [Function("CollectRound")]
    public Task Collect([QueueTrigger(VaultQueues.Collects)] CollectRound message, CancellationToken stop) => collector.Collect(message, stop);
}
