using System.Text;
using System.Text.Json.Nodes;

namespace Backstake.Faults.Tests.Ground;

/// <summary>The way to the nodes: each host name stands for one, and its answers pass through here.</summary>
sealed class RelayedNode(Uri real, Func<string, string, JsonNode?, JsonNode?> change) : HttpMessageHandler
{
    readonly HttpClient http = new();

    /// <summary>The error with which a request is refused; null: it isn't.</summary>
    public Func<string, JsonNode?, string?> Refuse { get; init; } = (_, _) => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var (method, parameters) = (asked["method"]!.GetValue<string>(), asked["params"]);
        JsonNode answer;
        if (Refuse(method, parameters) is { } error)
        {
            answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = asked["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -32005, ["message"] = error } };
        }
        else
        {
            using var response = await http.PostAsync(real, new StringContent(asked.ToJsonString(), Encoding.UTF8, "application/json"), cancellationToken);
            answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            var which = method == "eth_getBlockByNumber" && parameters![0]!.GetValue<string>() is "finalized" ? $"{method} finalized" : method;
            if (answer["result"] is { } result)
                answer["result"] = change(request.RequestUri!.Host.Split('.')[0], which, result.DeepClone());
        }

        return new HttpResponseMessage { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
    }

    protected override void Dispose(bool disposing)
    {
        http.Dispose();
        base.Dispose(disposing);
    }
}
