using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Backstake.Crashes;

/// <summary>
/// Stands between the app's process and one service: every call of the app goes through here and on, as it is. It asks <c>plan</c> about each call
/// that changes something: before it is sent on, and when its answer is there and the app doesn't have it yet.
/// </summary>
public sealed class CallProxy : IAsyncDisposable
{
    static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Content-Length" };

    readonly WebApplication server;
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(60) };

    CallProxy(WebApplication server) => this.server = server;

    /// <summary>Where the app calls instead.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<CallProxy> Start(Outside service, Uri target, int port, ICrashPlan plan)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var proxy = new CallProxy(app) { Address = new Uri($"http://127.0.0.1:{port}") };
        app.Run(context => proxy.Forward(service, target, context, plan));
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        http.Dispose();
    }

    async Task Forward(Outside service, Uri target, HttpContext context, ICrashPlan plan)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        // The raw target: a signature of the request is made over it.
        var rawTarget = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var call = OutsideCalls.Of(service, context.Request.Method, context.Request.Path.Value!, body);
        if (call is not null && plan.Crashes(call, Side.Before))
        {
            context.Abort();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target.GetLeftPart(UriPartial.Authority) + rawTarget);
        if (body.Length > 0 || context.Request.ContentLength == 0)
            request.Content = new ByteArrayContent(body);
        foreach (var header in context.Request.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
                request.Content?.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
        }

        using var answer = await http.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        if (call is not null && plan.Crashes(call, Side.After))
        {
            context.Abort();
            return;
        }

        if (service is Outside.Numerai)
            content = Here(content, target);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !HopByHop.Contains(header.Key)))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        context.Response.ContentLength = answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified ? null : content.Length;
        if (content.Length > 0)
            await context.Response.Body.WriteAsync(content);
    }

    /// <summary>Upload and download links lead through here, too.</summary>
    byte[] Here(byte[] content, Uri target)
    {
        var (from, to) = (target.GetLeftPart(UriPartial.Authority), Address.GetLeftPart(UriPartial.Authority));
        return content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from)) < 0 ? content : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(from, to, StringComparison.Ordinal));
    }
}
