using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Ready;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Nodes;
using Backstake.Functions.Notifications;
using Backstake.Functions.Operations;
using Backstake.Functions.Owners;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Hosting;

/// <summary>
/// Makes the tables, queues and containers that aren't there, before the first function that needs them: not at start, which must not wait for
/// anything (AZURE.md finding 8).
/// </summary>
public sealed class StoragePreparation(
    LogTable log, BlobStore blobs, VaultRegistry registry, OpenRounds rounds, TransactionOutbox outbox, Quarantine quarantine, VaultQueues queues,
    FlowTimes times, IdempotentAnswers answers, SharedBudgets budgets, IdentityTable identity, NodeTable nodes, SignedDocuments signed, OwnershipTable ownership,
    SubscriberTable subscribers, DeliveryTable deliveries, OperatorOrders orders)
{
    readonly Lock gate = new();
    Task? preparing;

    /// <summary>Whoever needs it waits for the same try; after one that failed the next who needs it tries again. So without storage all fail as soon as one does.</summary>
    public Task Prepare(CancellationToken stop)
    {
        lock (gate)
        {
            if (preparing is null or { IsFaulted: true } or { IsCanceled: true })
                preparing = All(CancellationToken.None); // it is everybody's: nobody's going away ends it
            return preparing.WaitAsync(stop);
        }
    }

    /// <summary>Something isn't there any more, since storage was lost or restored: whoever needs it next makes it again.</summary>
    public void Forget()
    {
        lock (gate)
        {
            if (preparing is { IsCompleted: true }) // else it is being made right now
                preparing = null;
        }
    }

    Task All(CancellationToken stop) => Task.WhenAll(
        log.Prepare(stop), blobs.Prepare(stop), registry.Prepare(stop), rounds.Prepare(stop), outbox.Prepare(stop), quarantine.Prepare(stop), queues.Prepare(stop),
        times.Prepare(stop), answers.Prepare(stop), budgets.Prepare(stop), identity.Prepare(stop), nodes.Prepare(stop), signed.Prepare(stop), ownership.Prepare(stop),
        subscribers.Prepare(stop), deliveries.Prepare(stop), orders.Prepare(stop));
}

public sealed class PrepareStorage(StoragePreparation storage) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // Neither may fail for what it is asked about.
        if (context.FunctionDefinition.Name is HealthFunctions.Name or ReadyFunctions.Name)
        {
            await next(context);
            return;
        }

        await storage.Prepare(context.CancellationToken);
        try
        {
            await next(context);
        }
        catch (Exception failure) when (StorageGone.IsTheReason(failure))
        {
            storage.Forget();
            throw;
        }
    }
}
