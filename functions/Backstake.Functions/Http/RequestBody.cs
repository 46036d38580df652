using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Http;

/// <summary>What a request's body says, or the problem with it.</summary>
public sealed class Asked<T>(T? value, ObjectResult? problem)
    where T : class
{
    public T Value => value ?? throw new InvalidOperationException("The request was refused.");

    public bool IsRefused([NotNullWhen(true)] out ObjectResult? refusal)
    {
        refusal = problem;
        return refusal is not null;
    }
}

/// <summary>A request's body, which <see cref="ReadBody"/> has read.</summary>
public static class RequestBody
{
    const int DepthMost = 32;

    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = DepthMost,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static ReadOnlyMemory<byte> Bytes(this HttpRequest request) =>
        request.Body is MemoryStream body && body.TryGetBuffer(out var bytes) ? bytes : throw new InvalidOperationException($"{nameof(ReadBody)} comes before every function.");

    /// <summary>
    /// The body as JSON of exactly this type: an unknown, missing or doubled field, another type, or text that isn't JSON is refused with its place.
    /// </summary>
    public static Asked<T> Json<T>(this HttpRequest request)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(request.Bytes().Span, Strict) is { } value ? new(value, null) : new(null, HttpProblems.MalformedAt("body", "it is null"));
        }
        catch (JsonException wrong)
        {
            return new(null, HttpProblems.MalformedAt(Place(wrong), "it isn't what this route takes (GET /api/openapi.json has the schema)"));
        }
    }

    /// <summary>The field, where one can be named, else line and byte. Nothing of the text itself is said again.</summary>
    static string Place(JsonException wrong) => wrong.Path is { Length: > 2 } path && path.All(it => it is >= ' ' and <= '~')
        ? path[2..]
        : string.Create(CultureInfo.InvariantCulture, $"line {(wrong.LineNumber ?? 0) + 1}, byte {wrong.BytePositionInLine ?? 0}");
}
