using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Hosting;

/// <summary>What one function did since the process began.</summary>
public sealed record FunctionRuns(int Started, int Finished, int Failed);

/// <summary>Counts the functions that run, so that <c>health</c> can say what is in flight.</summary>
public sealed class RunCounts
{
    readonly ConcurrentDictionary<string, FunctionRuns> runs = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FunctionRuns> ByFunction => runs;

    public int InFlight => runs.Values.Sum(run => run.Started - run.Finished - run.Failed);

    public void Started(string function) =>
        runs.AddOrUpdate(function, new FunctionRuns(1, 0, 0), (_, run) => run with { Started = run.Started + 1 });

    public void Ended(string function, bool failed) => runs.AddOrUpdate(function, _ => throw new InvalidOperationException("It was not started."),
        (_, run) => failed ? run with { Failed = run.Failed + 1 } : run with { Finished = run.Finished + 1 });
}

public sealed class CountRuns(RunCounts counts) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        counts.Started(function);
        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            counts.Ended(function, failed);
        }
    }
}
