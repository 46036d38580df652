using System.Security.Claims;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Identity;

/// <summary>Before the function, and before answers are kept by who asked: who is calling, if the request proves it. Who isn't known is nobody; routes that need somebody refuse.</summary>
public sealed class KnowCaller(Callers callers) : IFunctionsWorkerMiddleware
{
    const string AuthenticationType = "Bearer";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && http.Request.Headers.Authorization.Count > 0 && await callers.Of(http.Request, context.CancellationToken) is { } caller)
        {
            http.Items[typeof(KnownCaller)] = caller;
            http.User = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Address)], AuthenticationType));
        }

        await next(context);
    }
}

/// <summary>Who calls a route that needs somebody.</summary>
public static class CallerOfRequest
{
    /// <summary>Whatever their key is for.</summary>
    /// <param name="request">After <see cref="KnowCaller"/>.</param>
    public static Asked<KnownCaller> Caller(this HttpRequest request) =>
        request.HttpContext.Items[typeof(KnownCaller)] is KnownCaller caller ? new(caller, null) : new(null, IdentityProblems.NotSignedIn(request));

    /// <param name="request">After <see cref="KnowCaller"/>.</param>
    /// <param name="scope">What a key must be for; a session needs none.</param>
    public static Asked<KnownCaller> Caller(this HttpRequest request, ApiScope scope)
    {
        var caller = request.Caller();
        return !caller.IsRefused(out _) && !caller.Value.May(scope) ? new(null, IdentityProblems.ScopeMissing(scope)) : caller;
    }

    /// <summary>Who signed in; a key isn't enough.</summary>
    public static Asked<KnownCaller> Session(this HttpRequest request)
    {
        var caller = request.Caller(ApiScope.ReadOwn);
        return !caller.IsRefused(out _) && caller.Value.Session is null ? new(null, IdentityProblems.SessionNeeded()) : caller;
    }
}
