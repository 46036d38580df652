using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Http;

/// <summary>
/// Around every POST with an <c>Idempotency-Key</c>: the same call has one effect and one answer, wherever and however often it arrives. What failed on our side, or was refused before it
/// was looked at, isn't kept: it may be tried again with the same key.
/// </summary>
public sealed class AnswerOnce(IdempotentAnswers answers, ILogger<AnswerOnce> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || !HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue(IdempotentCall.Header, out var keys))
        {
            await next(context);
            return;
        }

        if (keys.Count != 1 || !IdempotentCall.IsKey(keys[0]))
        {
            context.GetInvocationResult().Value = HttpProblems.IdempotencyKeyInvalid.Of("Send one key of 1 to 255 visible ASCII characters, best a random UUID.", IdempotentCall.Header);
            return;
        }

        var call = IdempotentCall.Of(http, context.FunctionDefinition.Name, keys[0]!);
        var begun = await answers.Begin(call, context.CancellationToken);
        context.GetInvocationResult().Value = begun switch
        {
            Begun.Mine mine => await CarryOut(context, http, next, call, mine.Row),
            Begun.InProgress => InProgress(http.Response),
            Begun.OtherRequest => HttpProblems.IdempotencyKeyReused.Of("The key came before with another address or body: take a new one for a new request.", IdempotentCall.Header),
            Begun.Done done => Replay(http.Response, done),
            _ => throw new InvalidOperationException($"{begun} isn't known."),
        };
    }

    async Task<RenderedAnswer> CarryOut(FunctionContext context, HttpContext http, FunctionExecutionDelegate next, IdempotentCall call, ETag row)
    {
        RenderedAnswer answer;
        try
        {
            await next(context);
            answer = await RenderedAnswer.Of(http, context.GetInvocationResult().Value, context.InvocationId);
        }
        catch
        {
            await Try(() => answers.Forget(call, row, CancellationToken.None));
            throw;
        }

        // The caller may be gone; the answer is kept for when he asks again.
        var isKept = answer.Status is < 500 and not (401 or 403 or 408 or 413 or 429);
        await Try(() => isKept
            ? answers.Keep(call, row, answer, http.Response.Headers.Location, Endpoint.Of(context.FunctionDefinition.Name).Needs.AnswerIsSecret, CancellationToken.None)
            : answers.Forget(call, row, CancellationToken.None));
        return answer;
    }

    /// <summary>What was done is done: that it couldn't be kept is no failure of it.</summary>
    async Task Try(Func<Task> keep)
    {
        try
        {
            await keep();
        }
        catch (RequestFailedException lost)
        {
            logger.LogWarning(lost, "The answer to a call with an Idempotency-Key could not be kept");
        }
    }

    static ObjectResult InProgress(HttpResponse response)
    {
        response.Headers.RetryAfter = "1";
        return HttpProblems.IdempotencyKeyInProgress.Of("Another call with this key hasn't ended: ask again in a second.", IdempotentCall.Header);
    }

    static IActionResult Replay(HttpResponse response, Begun.Done done)
    {
        response.Headers[IdempotentCall.Replayed] = "true";
        if (done.Location is { } location)
            response.Headers.Location = location;
        return done.Answer ?? (IActionResult)HttpProblems.AnswerNotKept.Of("What it answered was told once, or was too large to keep; ask for its effect instead.", IdempotentCall.Header);
    }
}
