using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Nodes;

/// <summary>What a node answered.</summary>
/// <param name="File">The body of a 200, if there is one.</param>
public sealed record NodeAnswer(NodeCall Call, byte[]? File);

/// <summary>Makes one signed call to a node, bounded in time and bytes. Its answer is data; nothing of it is trusted.</summary>
public sealed class NodeCaller(NodeTransport transport, NodeSignature signature, IOptions<NodeSettings> settings, IOptions<IdentitySettings> identity, TimeProvider clock) : IDisposable
{
    public const int BytesMost = 2 * 1024 * 1024;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(transport.Handler()) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = new Version(1, 1) };

    /// <summary>Tests have a shorter one.</summary>
    public TimeSpan CallLimit { get; init; } = Limit;

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

    public void Dispose() => http.Dispose();

    async Task<NodeAnswer> Call(Node node, int round, string type, object data, CancellationToken stop)
    {
        var (now, started) = (clock.GetUtcNow(), Stopwatch.GetTimestamp());
        NodeAnswer Ended(int? status, string outcome, string detail, byte[]? file = null) =>
            new(new(now, round, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds, status, outcome, detail), file);
        if (NodeUrl.Fault(node.Url, settings.Value, identity.Value.Origin) is { } fault)
            return Ended(null, "refused", $"The address {fault}.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(CallLimit);
        try
        {
            using var request = Request(node, round, type, data, now);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            return status switch
            {
                200 => await Body(response, limit.Token) is { } body ? Ended(status, "ok", "", body) : Ended(status, "tooLarge", $"The answer has more than {BytesMost} bytes: use the upload link."),
                > 200 and < 300 => Ended(status, "ok", ""),
                410 => Ended(status, "gone", "The node answered 410: it is called no more until it is registered again or a test succeeds."),
                _ => Ended(status, "status", $"The node answered {status}."),
            };
        }
        catch (HttpRequestException failure)
        {
            return failure.InnerException is NodeRefusedException refused
                ? Ended(null, "refused", refused.Message)
                : Ended(null, "unreachable", $"{failure.HttpRequestError}.");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            return Ended(null, "unreachable", "The answer ended early.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Ended(null, "timeout", $"No whole answer within {CallLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
    }

    HttpRequestMessage Request(Node node, int round, string type, object data, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type, timestamp = now, data }, JsonSerializerOptions.Web);
        // The same for every try, so that a node knows what it has done already; a test is always another one.
        var id = round == 0 ? $"msg_{Guid.NewGuid():N}" : $"msg_{node.Vault}_{round}";
        IEnumerable<string> secrets = now < node.RotatedAt + NodeSignature.Overlap && node.Secret > 1
            ? [signature.Secret(node.Vault, node.Secret), signature.Secret(node.Vault, node.Secret - 1)]
            : [signature.Secret(node.Vault, node.Secret)];
        var request = new HttpRequestMessage(HttpMethod.Post, node.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(NodeSignature.IdHeader, id);
        request.Headers.Add(NodeSignature.TimeHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(NodeSignature.SignatureHeader, NodeSignature.Sign(secrets, id, now, body));
        request.Headers.ConnectionClose = true;
        return request;
    }

    /// <summary>Null where it is too large, whatever its headers say.</summary>
    static async Task<byte[]?> Body(HttpResponseMessage response, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        while (await stream.ReadAsync(part, stop) is > 0 and var length)
        {
            if (body.Length + length > BytesMost)
                return null;
            body.Write(part, 0, length);
        }

        return body.ToArray();
    }
}
