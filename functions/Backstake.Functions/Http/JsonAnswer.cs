using System.Text.Json;
using System.Text.Json.Serialization;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>An answer in JSON with the log's own forms: amounts as decimal strings, times in UTC, names in camelCase. What isn't known is null, never left out.</summary>
public static class JsonAnswer
{
    static readonly JsonSerializerOptions Options = new(LogEntryJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public const string ContentType = "application/json";

    public static RenderedAnswer Of<T>(T value) => new(StatusCodes.Status200OK, ContentType, JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>One JSON object, written field by field.</summary>
    public static RenderedAnswer Written(Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return new(StatusCodes.Status200OK, ContentType, bytes.ToArray());
    }
}
