using Azure;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Nethereum.JsonRpc.Client;

namespace Backstake.Functions.Operations;

/// <summary>
/// Around every queue trigger: counts the attempts of each message in our own table, and gives a message up after <see cref="AttemptsMost"/> of them. What
/// failed because the world outside is down is dropped then, since the sweep sends again whatever is still due; anything else is kept in quarantine.
/// </summary>
public sealed class CountAttempts(Quarantine quarantine, StepLimits limits, Secrets secrets, TimeProvider clock, ILogger<CountAttempts> logger) : IFunctionsWorkerMiddleware
{
    public const int AttemptsMost = 5; // below host.json's maxDequeueCount, so that ours comes first

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!VaultQueues.OfFunction.TryGetValue(context.FunctionDefinition.Name, out var queue))
        {
            await next(context);
            return;
        }

        var stop = context.CancellationToken;
        var data = context.BindingContext.BindingData;
        var (id, text) = (Text(data, "Id"), Text(data, "QueueTrigger"));
        // The first attempt costs nothing. From the second on each is counted before it begins: an attempt that takes the process with it is counted, too.
        var isFirst = Text(data, "DequeueCount") == "1";
        var count = isFirst ? 0 : await quarantine.Count(queue, id, text, "It took the process with it, or was not ended.", clock.GetUtcNow(), stop);
        if (count > AttemptsMost)
        {
            await GiveUp(queue, id, text, "It took the process with it, or was not ended.", stop);
            return;
        }

        try
        {
            await next(context).WaitAsync(limits.Whole, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            var trouble = failure is TimeoutException ? new StepTimeoutException(limits.Whole) : failure;
            var reason = secrets.Strike($"{trouble.GetType().Name}: {trouble.Message}"); // kept, and shown to people
            if (isFirst)
                count = await quarantine.Count(queue, id, text, reason, clock.GetUtcNow(), stop);
            if (count < AttemptsMost)
                throw;
            if (IsOutside(failure))
            {
                logger.LogWarning("A message of {Queue} is left to the sweep after {Attempts} attempts: {Reason}", queue, count, reason);
                await quarantine.Forget(queue, id, stop);
            }
            else
            {
                await GiveUp(queue, id, text, reason, stop);
            }

            return;
        }

        if (!isFirst)
            await quarantine.Forget(queue, id, stop);
    }

    async Task GiveUp(string queue, string id, string text, string reason, CancellationToken stop)
    {
        await quarantine.Keep(queue, id, text, reason, clock.GetUtcNow(), stop);
        logger.LogError("A message of {Queue} is in quarantine as {Id}: {Reason}", queue, id, reason);
    }

    /// <summary>The world outside is down, or others were quicker or are newer: nothing is wrong with the message.</summary>
    public static bool IsOutside(Exception failure) => failure switch
    {
        OutsideException or HeadMovedException or SignerBusyException or ChainMovedException or LogDamagedException { IsNewer: true } => true,
        RpcClientTimeoutException or RpcClientUnknownException or HttpRequestException or IOException => true,
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        RequestFailedException when StorageGone.IsTheReason(failure) => true,
        AggregateException several => several.InnerExceptions.All(IsOutside),
        _ => false,
    };

    static string Text(IReadOnlyDictionary<string, object?> data, string name) => data.TryGetValue(name, out var value) ? value?.ToString()?.Trim('"') ?? "" : "";
}
