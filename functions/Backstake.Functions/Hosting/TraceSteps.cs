using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Hosting;

/// <summary>One activity per vault and step, with vault, round and week as far as the message names them: what a trace is looked for by. No other content of a message is told.</summary>
public sealed class TraceSteps : IFunctionsWorkerMiddleware
{
    public const string SourceName = "Backstake";

    static readonly ActivitySource Source = new(SourceName);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var subject = StepSubject.Of(context);
        using var activity = subject.Vault is null ? null : Source.StartActivity(context.FunctionDefinition.Name);
        activity?.SetTag("vault", subject.Vault);
        if (subject.Round is { } round)
            activity?.SetTag("round", round);
        if (subject.Week is { } week)
            activity?.SetTag("week", week);
        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            // The kind alone: what went wrong stands in the log, under the same trace.
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
    }
}
