using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Http;

/// <summary>Before every public route that costs something: refuses who has spent the minute's budget, before anything is read or done for the call.</summary>
public sealed class LimitRates(RateLimits limits, IOptions<RateLimitSettings> settings) : IFunctionsWorkerMiddleware
{
    public static readonly ProblemKind TooMany = new("tooManyRequests", 429, "Too many calls.");

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (limits.PerMinute == 0 || context.GetHttpContext() is not { } http || Endpoint.Of(context.FunctionDefinition.Name) is not { IsPublic: true, Needs.Cost: > 0 and var cost })
        {
            await next(context);
            return;
        }

        var allowance = await limits.Spend(Caller.Digest(CallerAddress.Of(http, settings.Value.ProxiesInFront)), cost, context.CancellationToken);
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={limits.PerMinute};w=60");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";r={Math.Max(0, allowance.Left)};t={allowance.Seconds}");
        if (allowance.IsAllowed)
        {
            await next(context);
            return;
        }

        headers.RetryAfter = allowance.Seconds.ToString(CultureInfo.InvariantCulture);
        context.GetInvocationResult().Value = TooMany.Of($"This call costs {cost} of {limits.PerMinute} a minute and address; go on in {allowance.Seconds} s.");
    }
}
