using System.Net;
using Backstake.Simulation.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Backstake.Benchmarks.Scale;

/// <summary>Tables and blobs in memory behind two ports of the loopback interface: so a worker can be a process of its own, and its memory the app's alone.</summary>
internal sealed class MemoryServer : IAsyncDisposable
{
    private readonly MemoryTables _tables = new(TimeProvider.System.GetUtcNow);
    private readonly MemoryBlobs _blobs = new(TimeProvider.System.GetUtcNow);
    private readonly Lock _oneAtATime = new();
    private readonly WebApplication _app;
    private readonly int _tablePort;
    private readonly int _blobPort;

    private MemoryServer(WebApplication app, int tablePort, int blobPort) => (_app, _tablePort, _blobPort) = (app, tablePort, blobPort);

    /// <summary>There are no queues behind it.</summary>
    public string ConnectionString { get; private set; } = "";

    public static async Task<MemoryServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        MemoryServer? server = null;
        app.Run(context => server!.Answer(context));
        await app.StartAsync();
        var ports = app.Urls.Select(address => new Uri(address).Port).ToArray();
        server = new MemoryServer(app, ports[0], ports[1]);
        server.ConnectionString = "AccountName=sim;AccountKey=c2ltdWxhdG9yIHNpbXVsYXRvciBzaW11bGF0b3Igc2ltdWxhdG9yIQ==;"
            + $"TableEndpoint=http://127.0.0.1:{ports[0]}/sim;BlobEndpoint=http://127.0.0.1:{ports[1]}/sim;QueueEndpoint=http://127.0.0.1:{ports[1]}/sim";
        return server;
    }

    /// <summary>Its tables and blobs, with the queues of another account on this machine, whose name and key it doesn't look at.</summary>
    public string With(string other) => string.Join(';', other.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part =>
        part.StartsWith("TableEndpoint=", StringComparison.Ordinal) ? $"TableEndpoint=http://127.0.0.1:{_tablePort}/devstoreaccount1"
        : part.StartsWith("BlobEndpoint=", StringComparison.Ordinal) ? $"BlobEndpoint=http://127.0.0.1:{_blobPort}/devstoreaccount1"
        : part));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new StorageRequest(
            context.Request.Method, new Uri($"http://127.0.0.1{target}"),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Simulation.Engine.Answer answer;
        lock (_oneAtATime) answer = context.Connection.LocalPort == _tablePort ? _tables.Answer(request) : _blobs.Answer(request);
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.ContentType.Length > 0) context.Response.ContentType = answer.ContentType;
        if (answer.Body.Length > 0) await context.Response.Body.WriteAsync(answer.Body);
    }
}
