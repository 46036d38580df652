using System.Text.Json;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Outgoing;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Nodes;

/// <summary>What a node answered.</summary>
/// <param name="File">The body of a 200, if there is one.</param>
public sealed record NodeAnswer(NodeCall Call, byte[]? File);

/// <summary>What a node is told, as signed calls.</summary>
public sealed class NodeCaller(OutgoingCaller caller, NodeSignature signature, IOptions<IdentitySettings> identity, TimeProvider clock)
{
    public const int BytesMost = 2 * 1024 * 1024;

    /// <summary>A round is open: the node is told which, and where ids and upload are.</summary>
    public Task<NodeAnswer> Opened(Node node, int tournament, string modelId, NumeraiRound round, CancellationToken stop)
    {
        var links = $"{identity.Value.Origin}/api/vaults/{node.Vault}/rounds/{round.Number}/nodes/{signature.Ticket(node.Vault, round.Number)}";
        return Call(node, round.Number, "round.opened", new
        {
            vault = node.Vault, tournament, modelId, round = round.Number, opens = round.OpenTime, closesStaking = round.CloseStakingTime,
            liveIds = $"{links}/live-ids", upload = $"{links}/predictions",
        }, stop);
    }

    public Task<NodeAnswer> Test(Node node, CancellationToken stop) => Call(node, 0, "test", new { vault = node.Vault }, stop);

    async Task<NodeAnswer> Call(Node node, int round, string type, object data, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type, timestamp = clock.GetUtcNow(), data }, JsonSerializerOptions.Web);
        // The same for every try, so that a node knows what it has done already; a test is always another one.
        var id = round == 0 ? $"msg_{Guid.NewGuid():N}" : $"msg_{node.Vault}_{round}";
        var answer = await caller.Call(new(NodeSignature.ReceiverOf(node.Vault), node.Url, node.Secret, node.RotatedAt), id, body, BytesMost, stop);
        return new(new(answer.At, round, answer.Milliseconds, answer.Status, answer.Outcome, answer.Outcome == "tooLarge" ? $"{answer.Detail} Use the upload link." : answer.Detail), answer.Body);
    }
}
