using System.Text.Json.Nodes;
using Backstake.Season;

namespace Backstake.Functions.Tests.Http;

/// <summary>An operation of openapi.json. Its path is without the prefix <c>/api</c>.</summary>
sealed record DocumentedOperation(string Method, string Path, JsonObject Content)
{
    public string Id => (string)Content["operationId"]!;

    public bool NeedsKey => Content["security"]?.AsArray().Any(way => way!.AsObject().ContainsKey("functionKey")) ?? false;

    /// <summary>What a caller by <c>Authorization: Bearer</c> must be, as the document's securitySchemes say; null: nobody need be known.</summary>
    public IReadOnlyList<string>? BearerRoles => Content["security"]?.AsArray().Select(way => way!["bearer"]).OfType<JsonArray>().Select(roles => roles.Select(role => (string)role!).ToList()).SingleOrDefault();

    public JsonObject Responses => Content["responses"]!.AsObject();

    public JsonObject? Response(int status) => Responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] is JsonObject response ? OpenApi.Resolve(response) : null;

    public IEnumerable<string> Codes => Responses.SelectMany(response => CodesOf(OpenApi.Resolve(response.Value!.AsObject())));

    public static IEnumerable<string> CodesOf(JsonObject response) => response["x-codes"]?.AsArray().Select(code => (string)code!) ?? [];

    /// <summary>Whether a request's path (without <c>/api</c>) is of this operation; a parameter is one segment.</summary>
    public bool Is(string method, string path)
    {
        var (mine, asked) = (Path.Trim('/').Split('/'), path.Trim('/').Split('/'));
        return Method == method && mine.Length == asked.Length && mine.Zip(asked).All(it => it.First.StartsWith('{') || it.First == it.Second);
    }

    /// <summary>Of two that fit, the one with fewer parameters is meant.</summary>
    public int Parameters => Path.Count(it => it == '{');
}

/// <summary>openapi.json as it lies in the app's folder.</summary>
static class OpenApi
{
    public static readonly JsonObject Document = JsonNode.Parse(File.ReadAllText(
        System.IO.Path.Combine(Repository.Root, "functions", "Backstake.Functions", "openapi.json")))!.AsObject();

    public static readonly IReadOnlyList<DocumentedOperation> Operations = [.. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
        .Select(method => new DocumentedOperation(method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject())))];

    public static JsonObject Resolve(JsonObject node)
    {
        while ((string?)node["$ref"] is { } reference)
            node = reference.Split('/').Skip(1).Aggregate((JsonNode)Document, (at, name) => at[name] ?? throw new InvalidOperationException($"{reference} isn't there."))!.AsObject();
        return node;
    }

    public static DocumentedOperation? Of(string method, string path) => Operations.Where(it => it.Is(method, path)).MinBy(it => it.Parameters);
}
