using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backstake.Functions.Tests.Http;

/// <summary>A client that holds every answer of the app against openapi.json: route, status, kind of content, every field, the problem's code. Whoever tests with it finds what isn't documented.</summary>
sealed class DocumentedTraffic : DelegatingHandler
{
    const string Prefix = "/api";

    public DocumentedTraffic()
        : base(new SocketsHttpHandler())
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        if (await Undocumented(request, answer) is { } problem)
            throw new UndocumentedException($"{request.Method} {request.RequestUri!.PathAndQuery}: {(int)answer.StatusCode}: {problem}");
        return answer;
    }

    static async Task<string?> Undocumented(HttpRequestMessage request, HttpResponseMessage answer)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (!path.StartsWith(Prefix + "/", StringComparison.Ordinal))
            return null;
        if (request.Method == HttpMethod.Options)
            path = Prefix + "/any";
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (OpenApi.Of(request.Method.Method, path[Prefix.Length..]) is not { } operation)
            return (int)answer.StatusCode == 404 && body.Length == 0 ? null : "the route isn't documented"; // the host's own 404
        if (operation.Response((int)answer.StatusCode) is not { } response)
            return $"{operation.Id} doesn't document this status";
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (body.Length == 0)
            return response["content"] is null || type == "application/x-ndjson" ? null : "an empty body";
        if (type is null || response["content"]?[type] is not JsonObject content)
            return $"{operation.Id} doesn't document {type}";
        if (content["schema"] is JsonObject schema && schema["type"] is JsonValue kind && (string)kind! == "string")
            return null; // text of another form than JSON
        JsonNode? value;
        try
        {
            value = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return "it isn't JSON";
        }

        return SchemaCheck.Problems(value, content["schema"]!.AsObject()).FirstOrDefault()
            ?? (type == "application/problem+json" && !DocumentedOperation.CodesOf(response).Contains((string)value!["code"]!) ? $"{operation.Id} doesn't document the code {value["code"]}" : null);
    }
}

sealed class UndocumentedException(string message) : Exception(message);
