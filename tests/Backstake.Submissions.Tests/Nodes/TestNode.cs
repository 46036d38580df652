using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Submissions.Tests.Nodes;

/// <summary>What a node was asked.</summary>
sealed record Asked(string Path, string Id, string Time, string Signature, byte[] Body);

/// <summary>A delegate's node on this machine, that answers as a test says.</summary>
sealed class TestNode : IAsyncDisposable
{
    readonly WebApplication app;

    TestNode(WebApplication app) => this.app = app;

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<Asked> Calls { get; } = new();

    public Uri Address { get; private set; } = null!;

    public string Allowed => $"127.0.0.1:{Address.Port}";

    public static async Task<TestNode> Start()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var node = new TestNode(builder.Build());
        node.app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            string Header(string name) => http.Request.Headers[name].ToString();
            node.Calls.Enqueue(new(http.Request.Path, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), body.ToArray()));
            await node.Answer(http);
        });
        await node.app.StartAsync();
        node.Address = new Uri(node.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return node;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
