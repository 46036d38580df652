using System.Diagnostics;
using Backstake.Functions.Nodes;
using Backstake.Functions.Submissions;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Nodes;
using Backstake.Sandbox.Submissions;
using Backstake.Servers;
using Backstake.Submissions.Tests.Flow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Submissions.Tests.Nodes;

/// <summary>Whole nodes that know nothing but docs/nodes.md: the sandbox's, and the page's own in Python. The links of a call lead to a server that stands before the app's functions.</summary>
[Collection(StorageGround.Collection)]
public sealed class ReferenceNodeTests(StorageGround ground) : SubmissionGround(ground)
{
    readonly int port = FreePort.Next();
    WebApplication front = null!;
    int nodePort;

    protected override IEnumerable<(string, string)> Settings => [("Identity:Origin", $"http://127.0.0.1:{port}"), ("Nodes:Allowed", $"127.0.0.1:{nodePort}")];

    public override async Task InitializeAsync()
    {
        nodePort = FreePort.Next();
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        front = builder.Build();
        front.MapGet("/api/vaults/{id}/rounds/{round:int}/nodes/{ticket}/live-ids", async (string id, int round, string ticket) =>
            await Functions.LiveIds(Request([]), id, round, ticket, default) is FileContentResult file ? Results.Bytes(file.FileContents) : Results.NotFound());
        front.MapPut("/api/vaults/{id}/rounds/{round:int}/nodes/{ticket}/predictions", async (string id, int round, string ticket, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return await Functions.Upload(Request(body.ToArray()), id, round, ticket, default) is OkObjectResult ? Results.Ok() : Results.NotFound();
        });
        await front.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await front.DisposeAsync();
        await base.DisposeAsync();
    }

    NodeFunctions Functions => ActivatorUtilities.CreateInstance<NodeFunctions>(App);

    [Theory]
    [InlineData(TournamentKind.Classic, false), InlineData(TournamentKind.Classic, true), InlineData(TournamentKind.Signals, false), InlineData(TournamentKind.Crypto, true)]
    public async Task ReferenceNode_MakesTheRoundsFile(TournamentKind kind, bool uploads)
    {
        var model = kind is TournamentKind.Classic ? Model : Tournament.AddModel($"{kind}", kind, SandboxAccount.Default);
        var vault = await Begin(model);
        var round = await Open((int)kind);
        var secret = The<NodeSignature>().Secret(vault.Id, 1);
        await Register(vault);
        await using (var stranger = new ReferenceNode(The<NodeSignature>().Secret(vault.Id, 2), Clock, uploads))
        {
            await stranger.StartAsync(nodePort);
            await Deliver(vault);
            Assert.Equal(1, stranger.Refused);
        }

        Clock.Advance(TimeSpan.FromSeconds(1));

        await using var node = new ReferenceNode(secret, Clock, uploads);
        await node.StartAsync(nodePort);
        await Deliver(vault);
        Assert.Equal((0, uploads ? "willUpload" : "stored"), (node.Refused, (await The<NodeTable>().Calls(vault.Id, default))[0].Outcome));
        await Run(vault, round);
        Assert.Single((await Events(vault)).OfType<PredictionsSubmitted>());
        Assert.NotNull(Tournament.Selected(model, Number));
    }

    /// <summary>The node of the page, as it stands there; its clock alone is set, because a machine's can't be moved.</summary>
    [SkippableFact]
    public async Task NodeOfThePage_MakesTheRoundsFile()
    {
        var python = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(System.IO.File.Exists);
        Skip.If(python is null, "There is no python3: the node of docs/nodes.md was not run.");
        var vault = await Begin();
        var round = await Open();
        await Register(vault);
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(root!.FullName, "Serverless.sln")))
            root = root.Parent;
        var page = await System.IO.File.ReadAllTextAsync(Path.Combine(root.FullName, "docs", "nodes.md"));
        var code = page.Split("```python\n")[1].Split("```")[0];
        Assert.Equal(30, code.TrimEnd().Split('\n').Length);
        var changed = code.Replace("(\"\", 8080)", $"(\"127.0.0.1\", {nodePort})", StringComparison.Ordinal)
            .Replace("time.time()", $"{Clock.GetUtcNow().ToUnixTimeSeconds()}", StringComparison.Ordinal).Replace(".serve_forever()", ".handle_request()", StringComparison.Ordinal);
        var start = new ProcessStartInfo(python!, ["-c", changed]) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["BACKSTAKE_NODE_SECRET"] = The<NodeSignature>().Secret(vault.Id, 1);
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        for (var tries = 0; tries < 2000 && !process.HasExited && await The<PredictionStore>().Latest(vault.Id, 8, Number, default) is null; tries++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Deliver(vault); // until it listens
        }

        if (!process.HasExited)
            process.Kill();
        Assert.True((await The<NodeTable>().Calls(vault.Id, default)) is [{ Outcome: "stored" }, ..], await said);
        await Run(vault, round);
        Assert.NotNull(Tournament.Selected(Model, Number));
    }

    Task Register(RegisteredVault vault) => The<NodeTable>().Put(new Node(vault.Id, $"http://127.0.0.1:{nodePort}/hook", 1, Clock.GetUtcNow(), Gone: false), default);

    Task Deliver(RegisteredVault vault) => The<NodeDelivery>().Deliver(new CallNode(vault.Id, Number, ByHand: true), default);
}
