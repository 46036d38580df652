using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>A call as openapi.json describes it: a route, what stands in its address and its body, and who calls.</summary>
/// <param name="Id">What stands for <c>{id}</c>.</param>
sealed partial record DocumentedCall(DocumentedOperation Operation, string Id)
{
    /// <summary>A function key; null: none is sent.</summary>
    public string? Key { get; init; }

    /// <summary>Of a session, or an API key; null: none is sent.</summary>
    public string? Bearer { get; init; }

    /// <summary>Null: the smallest that the schema takes.</summary>
    public string? Body { get; init; }

    public static JsonObject? JsonBody(DocumentedOperation operation) => operation.Content["requestBody"]?["content"]?["application/json"]?["schema"] as JsonObject;

    public string Path => "api" + Parameter().Replace(Operation.Path, match => match.Groups["name"].Value switch
    {
        "id" => Id,
        "vault" => NoVault,
        "address" => History.Anna.Address,
        "role" => "staker",
        "week" => "1",
        "round" => "1",
        "year" => "2025",
        "path" => "any",
        "terms" or "other" => History.TermsOne,
        "secret" or "ticket" => "nobodys",
        var name => throw new NotSupportedException($"What stands for {{{name}}}?"),
    }) + (Operation.Id == "ImportVault" ? "?by=me&reason=a%20test" : "");

    public const string NoVault = "0x00000000000000000000000000000000000000ff";

    public HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new HttpMethod(Operation.Method), new Uri(Path, UriKind.Relative));
        if (JsonBody(Operation) is { } schema)
            request.Content = new StringContent(Body ?? SchemaExample.Of(schema).ToJsonString(), Encoding.UTF8, "application/json");
        else if (Operation.Content.ContainsKey("requestBody"))
            request.Content = new StringContent(Body ?? "id,prediction\n", Encoding.UTF8, "text/csv");
        if (Key is not null)
            request.Headers.TryAddWithoutValidation("x-functions-key", Key);
        if (Bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);
        return request;
    }

    public async Task<HttpResponseMessage> Send(HttpClient http)
    {
        using var request = Request();
        return await http.SendAsync(request);
    }

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
