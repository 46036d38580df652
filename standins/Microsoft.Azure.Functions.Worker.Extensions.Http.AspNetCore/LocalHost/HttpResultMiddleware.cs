using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>For a request: makes its HttpContext known, and carries out the IActionResult or IResult that the function returned; any other value is not written.</summary>
sealed class HttpResultMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var invocation = (LocalFunctionContext)context;
        if (invocation.Input.Http is not { } http)
        {
            await next(context);
            return;
        }

        ParameterBinding.SetHttpContext(context, http);
        http.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(http, scopeFactory: null) { RequestServices = context.InstanceServices });
        await next(context);
        switch (invocation.Result)
        {
            case IActionResult result:
                await result.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult result:
                await result.ExecuteAsync(http);
                break;
        }
    }
}
