using System.Text.Json.Nodes;

namespace Backstake.Functions.Tests.Http;

/// <summary>The smallest JSON that a schema of openapi.json takes: what is required, and of several forms the first.</summary>
static class SchemaExample
{
    public static JsonNode Of(JsonObject schema)
    {
        schema = OpenApi.Resolve(schema);
        if (schema["anyOf"] is JsonArray ways)
            return Of(ways[0]!.AsObject());
        if ((schema["const"] ?? (schema["enum"] as JsonArray)?[0]) is { } only)
            return only.DeepClone();
        return (schema["type"] is JsonArray several ? (string)several[0]! : (string)schema["type"]!) switch
        {
            "object" => new JsonObject((schema["required"] as JsonArray ?? []).Select(name => KeyValuePair.Create((string)name!, (JsonNode?)(schema["properties"]?[(string)name!] is JsonObject field ? Of(field) : "text")))),
            "array" => new JsonArray(Of(schema["items"]!.AsObject())),
            "integer" => 1,
            "number" => 0.5,
            "boolean" => false,
            "string" when (string?)schema["pattern"] is { } pattern => Text(pattern),
            "string" => "text",
            var type => throw new NotSupportedException($"There is no example of {type}."),
        };
    }

    static string Text(string pattern) =>
        pattern.Contains("{40}", StringComparison.Ordinal) ? "0x" + new string('1', 40)
        : pattern.Contains("0x", StringComparison.Ordinal) ? "0x" + new string('1', 64)
        : pattern.Contains("{64}", StringComparison.Ordinal) ? new string('1', 64)
        : "1";
}
