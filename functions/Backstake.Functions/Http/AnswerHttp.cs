using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Http;

/// <summary>
/// Around every HTTP function: its headers, its problems with the request's id, an ETag for what is read, 304 for what is known. What a function throws becomes a
/// generic problem; the log has the rest.
/// </summary>
public sealed class AnswerHttp(ILogger<AnswerHttp> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var endpoint = Endpoint.Of(context.FunctionDefinition.Name);
        AnswerHeaders.Set(http, endpoint, context.InvocationId);
        try
        {
            await next(context);
            if (context.GetInvocationResult().Value is IStreamedAnswer streamed)
                await streamed.ExecuteResultAsync(RenderedAnswer.ContextOf(http));
            else
                await Send(http, endpoint, await RenderedAnswer.Of(http, context.GetInvocationResult().Value, context.InvocationId));
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            AnswerHeaders.Forget(http.Response);
            await Send(http, endpoint, await RenderedAnswer.Of(http, ProblemOf(failure, endpoint), context.InvocationId));
        }

        context.GetInvocationResult().Value = new EmptyResult(); // it was carried out here
    }

    ObjectResult ProblemOf(Exception failure, Endpoint endpoint)
    {
        if (failure is BadHttpRequestException refused)
            return refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? HttpProblems.TooLarge(endpoint.Needs.BodyMost) : HttpProblems.MalformedAt("body", "it ended early, or isn't what its headers say");
        logger.LogError(failure, "{Function} failed", endpoint.Function);
        return failure is LogDamagedException ? Vaults.Problems.VaultDamaged(failure.Message) : CountAttempts.IsOutside(failure) ? HttpProblems.OutsideFailed() : HttpProblems.Failed();
    }

    static Task Send(HttpContext http, Endpoint endpoint, RenderedAnswer answer)
    {
        if (answer.Status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "5";
        if (HttpMethods.IsGet(http.Request.Method) && answer.Status == StatusCodes.Status200OK)
        {
            var tag = AnswerHeaders.Tag(http.Response, answer.Body);
            if (ConditionalRead.Knows(http.Request, tag))
                answer = new(StatusCodes.Status304NotModified, null, []);
        }

        return answer.ExecuteResultAsync(RenderedAnswer.ContextOf(http));
    }
}
