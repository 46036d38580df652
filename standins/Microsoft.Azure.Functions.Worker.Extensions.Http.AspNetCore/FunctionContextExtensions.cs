using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.LocalHost;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>The request's context; null when no request set off the invocation.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) => ParameterBinding.HttpContextOf(context);
}
