using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;

namespace Backstake.Functions.Http;

/// <summary>An answer that writes its body bit by bit: it is neither held in memory nor given an ETag.</summary>
public interface IStreamedAnswer : IActionResult;

/// <summary>An answer as the bytes that are sent. Headers beside these stand on the response already.</summary>
public sealed record RenderedAnswer(int Status, string? ContentType, byte[] Body) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        (response.StatusCode, response.ContentType) = (Status, ContentType);
        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, context.HttpContext.RequestAborted).AsTask();
    }

    /// <summary>Carries out the result into memory. A problem gets the request's id, and an error without a body becomes a problem.</summary>
    public static async Task<RenderedAnswer> Of(HttpContext http, object? result, string requestId)
    {
        if (result is RenderedAnswer rendered)
            return rendered;
        var answer = result is IStatusCodeActionResult { StatusCode: { } bare } and not ObjectResult and not FileResult ? HttpProblems.OfBareStatus(bare) ?? (IActionResult)result : result as IActionResult;
        if (answer is ObjectResult { Value: ProblemDetails problem })
            problem.Extensions["requestId"] = requestId;
        var (response, own) = (http.Response, http.Features.Get<IHttpResponseBodyFeature>());
        using var body = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        try
        {
            if (answer is not null)
                await answer.ExecuteResultAsync(ContextOf(http));
            await response.BodyWriter.FlushAsync();
        }
        finally
        {
            http.Features.Set(own);
        }

        var type = response.ContentType;
        (response.ContentType, response.ContentLength) = (null, null);
        return new(response.StatusCode, type, body.ToArray());
    }

    public static ActionContext ContextOf(HttpContext http) => new(http, http.GetRouteData(), new ActionDescriptor());
}
