using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.StandIns.Worker.TestApp;

/// <summary>Names the function and the invocation in the answer's headers.</summary>
public sealed class NamingMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            http.Response.Headers["x-function"] = context.FunctionDefinition.Name;
            http.Response.Headers["x-invocation"] = context.InvocationId;
        }

        await next(context);
    }
}
