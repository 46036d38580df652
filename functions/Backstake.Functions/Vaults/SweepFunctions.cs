using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Notifications;
using Backstake.Functions.Operations;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Vaults;

/// <summary>
/// The sweep: finds whatever a lost message left, from the logs alone; looks after the transactions on their way, takes what the host gave up into
/// quarantine, and looks once a week at every stored row of each vault, and at whose its model is.
/// </summary>
public sealed class SweepFunctions(
    VaultRegistry registry, VaultStore store, DueSender due, LogAudit audit, ModelOwners models, TransactionOutbox outbox, Quarantine quarantine, IdempotentAnswers answers, NotificationDelivery notifications, SharedBudgets budgets, RateLimits limits, TimeProvider clock,
    ILogger<SweepFunctions> logger)
{
    [Function("Sweep")]
    public async Task Sweep([TimerTrigger("%SweepSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        await Try("the transactions on their way", () => outbox.Tend(stop));
        await Try("the poison queues", () => quarantine.CollectPoisoned(clock.GetUtcNow(), stop));
        await Try("answers older than a day", () => answers.ForgetOld(stop));
        await Try("budgets of minutes that are over", () => budgets.ForgetOld(limits.Minute, stop));
        await Try("notifications that wait", () => notifications.SendDue(stop));
        var isLookedAt = audit.Due(clock.GetUtcNow());
        await foreach (var vault in registry.All(stop))
        {
            await Try($"vault {vault.Id}", async () =>
            {
                if (isLookedAt(vault.Id))
                    await store.Check(vault.Id, audit, allDocuments: false, stop);
                await due.Send(await store.Recent(vault.Id, stop), stop);
            });
        }

        await Try("whose the models are", () => models.LookAgain(stop)); // last: nothing else waits for Numerai's answers
    }

    /// <summary>One's trouble is not the others'.</summary>
    async Task Try(string what, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            logger.LogCritical(trouble, "The sweep can't look after {What}: {Reason}", what, trouble.Message);
        }
    }
}
