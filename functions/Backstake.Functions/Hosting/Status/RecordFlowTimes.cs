using System.Collections.Concurrent;
using Azure;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Hosting.Status;

/// <summary>Keeps when each flow's functions last succeeded and failed, at most once a minute each: ten thousand vaults' messages need no ten thousand writes.</summary>
public sealed class RecordFlowTimes(FlowTimes times, TimeProvider clock, ILogger<RecordFlowTimes> logger) : IFunctionsWorkerMiddleware
{
    static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<(string Function, bool Success), long> kept = new();

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        if (Flows.Of(function) is null)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            var cause = failure is OutsideException outside ? outside.Cause : failure.GetType().Name;
            await Keep(function, success: false, () => times.Failed(function, cause, CancellationToken.None));
            throw;
        }

        await Keep(function, success: true, () => times.Succeeded(function, CancellationToken.None));
    }

    async Task Keep(string function, bool success, Func<Task> keep)
    {
        var now = clock.GetTimestamp();
        if (kept.TryGetValue((function, success), out var last) && clock.GetElapsedTime(last, now) < Between)
            return;
        kept[(function, success)] = now;
        try
        {
            await keep();
        }
        catch (Exception lost) when (lost is RequestFailedException or AggregateException)
        {
            // The function did what it did; that nobody knows when isn't its failure.
            logger.LogWarning(lost, "When {Function} ended could not be kept", function);
        }
    }
}
