using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Backstake.Functions.Http;

/// <summary>Reads each request's body before its function runs, up to the function's limit, whatever the headers say of its length.</summary>
public sealed class ReadBody : IFunctionsWorkerMiddleware
{
    const int PartBytes = 16 * 1024;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var most = Endpoint.Of(context.FunctionDefinition.Name).Needs.BodyMost;
        if (http.Request.ContentLength > most || await Read(http.Request, most) is not { } body)
        {
            http.Response.Headers.Connection = "close"; // what is left of the body isn't read
            context.GetInvocationResult().Value = HttpProblems.TooLarge(most);
            return;
        }

        http.Request.Body = new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true);
        await next(context);
    }

    /// <summary>Null where it is too large.</summary>
    static async Task<byte[]?> Read(HttpRequest request, int most)
    {
        using var body = new MemoryStream();
        var part = new byte[Math.Min(PartBytes, most + 1)];
        try
        {
            while (await request.Body.ReadAsync(part, request.HttpContext.RequestAborted) is > 0 and var length)
            {
                if (body.Length + length > most)
                    return null;
                body.Write(part, 0, length);
            }
        }
        catch (IOException unreadable) when (unreadable is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body isn't what its headers say.", unreadable); // the caller's fault, not a disk's
        }

        return body.ToArray();
    }
}
