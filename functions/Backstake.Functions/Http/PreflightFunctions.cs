using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Http;

/// <summary>What a browser asks before another site's page may read with a header of its own (CORS). Only reads, and never with credentials.</summary>
public sealed class PreflightFunctions
{
    const string KeptFor = "7200"; // seconds; browsers keep it no longer

    [Function("Preflight"), Endpoint(Cost = 0)]
    public IActionResult Answer([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "{*path}")] HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "GET";
        headers.AccessControlAllowHeaders = "Accept, If-None-Match";
        headers.AccessControlMaxAge = KeptFor;
        return new NoContentResult();
    }
}
