using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Hosting.Disclosure;

/// <summary>Around everything else: a failure that the host is told of, which logs it by itself, says no more than our own logs do.</summary>
public sealed class DiscloseFailures(Secrets secrets) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new ReportedException(failure, secrets);
        }
    }
}
