using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backstake.Functions.Tests.Http;

/// <summary>
/// Holds JSON against a schema of openapi.json: the part of JSON Schema 2020-12 that the document uses; another keyword throws. Stricter in one thing: a field that isn't named is wrong, unless the
/// schema says of what kind such fields are.
/// </summary>
static class SchemaCheck
{
    static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$ref", "type", "enum", "const", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "properties", "required", "additionalProperties", "items", "anyOf", "description", "default",
    };

    /// <summary>What is wrong, each with its place.</summary>
    public static IEnumerable<string> Problems(JsonNode? value, JsonObject schema, string place = "$")
    {
        schema = OpenApi.Resolve(schema);
        if (schema.FirstOrDefault(keyword => !Known.Contains(keyword.Key)).Key is { } unknown)
            throw new NotSupportedException($"{place}: the check doesn't know {unknown}.");
        if (schema["anyOf"] is JsonArray ways)
        {
            var found = ways.Select(way => Problems(value, way!.AsObject(), place).ToList()).ToList();
            return found.Any(problems => problems.Count == 0) ? [] : [$"{place}: none of {ways.Count} forms: {string.Join(" | ", found.Select(problems => problems[0]))}"];
        }

        if (schema["type"] is { } type && !Types(type).Any(name => IsOf(value, name)))
            return [$"{place}: no {type.ToJsonString()}"];
        return schema["const"] is { } only && !JsonNode.DeepEquals(only, value) ? [$"{place}: isn't {only.ToJsonString()}"]
            : schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)) ? [$"{place}: not one of {words.ToJsonString()}"]
            : value switch
            {
                JsonObject fields => OfFields(fields, schema, place),
                JsonArray items => items.SelectMany((item, index) => schema["items"] is JsonObject each ? Problems(item, each, $"{place}[{index}]") : []),
                JsonValue one when one.GetValueKind() is JsonValueKind.String => OfText((string)one!, schema, place),
                JsonValue one when one.GetValueKind() is JsonValueKind.Number => OfNumber(one, schema, place),
                _ => [],
            };
    }

    static IEnumerable<string> OfFields(JsonObject fields, JsonObject schema, string place)
    {
        var named = schema["properties"] as JsonObject ?? [];
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => !fields.ContainsKey(name)))
            yield return $"{place}.{name}: missing";
        foreach (var (name, value) in fields)
        {
            var problems = named[name] is JsonObject known ? Problems(value, known, $"{place}.{name}")
                : schema["additionalProperties"] is JsonObject other ? Problems(value, other, $"{place}.{name}")
                : schema["additionalProperties"] is JsonValue any && (bool)any ? []
                : [$"{place}.{name}: undocumented"];
            foreach (var problem in problems)
                yield return problem;
        }
    }

    static IEnumerable<string> OfText(string text, JsonObject schema, string place)
    {
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            yield return $"{place}: '{text}' doesn't match {pattern}";
        if ((string?)schema["format"] is "date-time" && !(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Offset == TimeSpan.Zero))
            yield return $"{place}: '{text}' is no time in UTC";
        if (text.Length < ((int?)schema["minLength"] ?? 0) || text.Length > ((int?)schema["maxLength"] ?? int.MaxValue))
            yield return $"{place}: {text.Length} characters";
    }

    static IEnumerable<string> OfNumber(JsonValue number, JsonObject schema, string place)
    {
        var value = number.GetValue<JsonElement>().GetDouble();
        if (value < ((double?)schema["minimum"] ?? double.NegativeInfinity) || value > ((double?)schema["maximum"] ?? double.PositiveInfinity))
            yield return $"{place}: {value} is out of bounds";
    }

    static IEnumerable<string> Types(JsonNode type) => type is JsonArray several ? several.Select(one => (string)one!) : [(string)type!];

    static bool IsOf(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null, type) switch
    {
        (JsonValueKind.Null, "null") or (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") or (JsonValueKind.Number, "number") => true,
        (JsonValueKind.True or JsonValueKind.False, "boolean") => true,
        (JsonValueKind.Number, "integer") => value!.ToJsonString().All(it => char.IsAsciiDigit(it) || it == '-'),
        _ => false,
    };
}
