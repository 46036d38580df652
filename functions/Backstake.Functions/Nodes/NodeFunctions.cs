using System.Text;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Submissions.Intake;
using Backstake.Functions.Vaults;
using Backstake.Research;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Nodes;

/// <summary>What a delegate sends to register a node.</summary>
public sealed record NodeRequest(string Url);

/// <summary>A delegate's node: registered, looked at, tested; and what it is called with and answers by.</summary>
public sealed class NodeFunctions(
    Delegates delegates, NodeTable nodes, NodeCaller caller, NodeSignature signature, PredictionIntake intake, VaultRegistry registry, INumerai numerai,
    IOptions<OutgoingSettings> settings, IOptions<IdentitySettings> identity, TimeProvider clock)
{
    public static readonly ProblemKind UrlRefusedKind = new("nodeUrlRefused", 422, "The node's address can't be used.");
    public static readonly ProblemKind NoNodeKind = new("noNode", 404, "The vault has no node.");
    public static readonly ProblemKind NodesOffKind = new("nodesOff", 409, "This deployment calls no nodes.");

    /// <summary>The secret is told in this answer and never again; registering another address keeps it, and tells it again.</summary>
    [Function("PutNode")]
    [Endpoint(AnswerIsSecret = true)]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/node")] HttpRequest request, string id, CancellationToken stop) =>
        delegates.As(request, id, async vault =>
        {
            var asked = request.Json<NodeRequest>();
            if (asked.IsRefused(out var malformed))
                return malformed;
            if (!signature.IsPossible || identity.Value.Origin.Length == 0)
                return NodesOffKind.Of("Its operator has set no webhook key, or no origin: store predictions by PUT.");
            if (OutgoingUrl.Fault(asked.Value.Url, settings.Value, identity.Value.Origin) is { } fault)
                return UrlRefusedKind.Of($"It {fault}. Nodes have an https:// address with a public host name.", "url");
            var known = await nodes.Find(vault.Id, stop);
            var node = new Node(vault.Id, asked.Value.Url, known?.Secret ?? 1, known?.RotatedAt ?? clock.GetUtcNow(), Gone: false);
            await nodes.Put(node, stop);
            return Told(node);
        }, stop);

    /// <summary>The node and its last calls, newest first.</summary>
    [Function("GetNode")]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/node")] HttpRequest request, string id, CancellationToken stop) =>
        WithNode(request, id, async node => new OkObjectResult(new { node.Url, node.Gone, secretSince = node.RotatedAt, calls = await nodes.Calls(node.Vault, stop) }), stop);

    [Function("DeleteNode")]
    public Task<IActionResult> Delete([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "vaults/{id}/node")] HttpRequest request, string id, CancellationToken stop) =>
        WithNode(request, id, async node =>
        {
            await nodes.Put(node with { Url = "", Gone = true, Secret = node.Secret + 1, RotatedAt = clock.GetUtcNow() - StandardWebhooks.Overlap }, stop); // its secret is no one's any more
            return new NoContentResult();
        }, stop);

    /// <summary>Another secret, told in this answer alone; for a day calls are signed with both.</summary>
    [Function("RotateNodeSecret")]
    [Endpoint(AnswerIsSecret = true)]
    public Task<IActionResult> Rotate([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/node/secret")] HttpRequest request, string id, CancellationToken stop) =>
        WithNode(request, id, async node =>
        {
            var rotated = node with { Secret = node.Secret + 1, RotatedAt = clock.GetUtcNow() };
            await nodes.Put(rotated, stop);
            return Told(rotated);
        }, stop);

    /// <summary>Calls the node now and tells what came of it.</summary>
    [Function("TestNode")]
    [Endpoint(Cost = 10)]
    public Task<IActionResult> Test([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/node/test")] HttpRequest request, string id, CancellationToken stop) =>
        WithNode(request, id, async node =>
        {
            var call = (await caller.Test(node, stop)).Call;
            await nodes.Add(node.Vault, call, stop);
            if (node.Gone != (call.Outcome == "gone") && call.Outcome is "ok" or "gone")
                await nodes.Put(node with { Gone = call.Outcome == "gone" }, stop);
            return new OkObjectResult(call);
        }, stop);

    /// <summary>The ids that the round's file must hold, as CSV; by the link of a call.</summary>
    [Function("NodeLiveIds")]
    public Task<IActionResult> LiveIds(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/rounds/{round:int}/nodes/{ticket}/live-ids")] HttpRequest request, string id, int round, string ticket, CancellationToken stop) =>
        Admitted(id, round, ticket, async vault =>
        {
            var text = new StringBuilder(PredictionRules.Of(vault.Tournament).IdColumns[^1]).Append('\n');
            foreach (var live in await numerai.LiveIds(vault.Tournament, round, stop))
                text.Append(live).Append('\n');
            return new FileContentResult(Encoding.UTF8.GetBytes(text.ToString()), "text/csv");
        }, stop);

    /// <summary>The node's file; by the link of a call.</summary>
    [Function("NodeUpload")]
    [Endpoint(BodyMost = PredictionCheck.BytesMost, Cost = 10)]
    public Task<IActionResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/rounds/{round:int}/nodes/{ticket}/predictions")] HttpRequest request, string id, int round, string ticket, CancellationToken stop) =>
        Admitted(id, round, ticket, vault => intake.Put(vault, $"{round}", request.Bytes().ToArray(), stop), stop);

    Task<IActionResult> WithNode(HttpRequest request, string id, Func<Node, Task<IActionResult>> answer, CancellationToken stop) =>
        delegates.As(request, id, async vault => await nodes.Find(vault.Id, stop) is { Url.Length: > 0 } node ? await answer(node) : NoNodeKind.Of("PUT vaults/{id}/node registers one."), stop);

    async Task<IActionResult> Admitted(string id, int round, string ticket, Func<RegisteredVault, Task<IActionResult>> answer, CancellationToken stop) =>
        await registry.Find(id.ToLowerInvariant(), stop) is { } vault && signature.Admits(vault.Id, round, ticket) ? await answer(vault) : new NotFoundResult();

    OkObjectResult Told(Node node) => new(new { node.Url, secret = signature.Secret(node.Vault, node.Secret), secretSince = node.RotatedAt });
}
