using Backstake.Functions.Ethereum;
using Backstake.Functions.Notifications;
using Backstake.Functions.Operations;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Vaults;

/// <summary>
/// The sweep: finds whatever a lost message left, from the logs alone; looks after the transactions on their way, and looks
/// once a week at every stored row of each vault, and at whose its model is.
/// </summary>
public sealed class SweepFunctions(
    VaultRegistry registry, VaultStore store, DueSender due, LogAudit audit, ModelOwners models, TransactionOutbox outbox, NotificationDelivery notifications, TimeProvider clock,
    ILogger<SweepFunctions> logger)
{
    [Function("Sweep")]
    public async Task Sweep([TimerTrigger("%SweepSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        await logger.Try("The transactions on their way", () => outbox.Tend(stop));
        await logger.Try("Notifications that wait", () => notifications.SendDue(stop));
        var isLookedAt = audit.Due(clock.GetUtcNow());
        await foreach (var vault in registry.All(stop))
        {
            await logger.Try($"Vault {vault.Id}", async () =>
            {
                if (isLookedAt(vault.Id))
                    await store.Check(vault.Id, audit, allDocuments: false, stop);
                await due.Send(await store.Recent(vault.Id, stop), stop);
            });
        }

        await logger.Try("Whose the models are", () => models.LookAgain(stop)); // last: nothing else waits for Numerai's answers
    }
}
