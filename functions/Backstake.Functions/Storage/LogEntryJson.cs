using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backstake.Accounting;

namespace Backstake.Functions.Storage;

/// <summary>
/// The canonical bytes of a log entry: one version byte, then UTF-8 JSON with the fields in this order, no spaces. They are what the chain of hashes
/// is made over and what is stored, so they never change within a version; vectors in the tests fix them.
/// </summary>
public static class LogEntryJson
{
    public const byte Version = LogChain.Version;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters =
        {
            new NmrJson(), new BasisPointsJson(), new VaultEventJson(), new UtcJson(),
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    };

    sealed record Body(
        [property: JsonPropertyOrder(1)] long Sequence, [property: JsonPropertyOrder(2)] string Key, [property: JsonPropertyOrder(3)] DateTimeOffset At,
        [property: JsonPropertyOrder(5)] LogEvent Event, [property: JsonPropertyOrder(4)] ChainSource? Source = null);

    public static byte[] CanonicalBytes(long sequence, string key, LogEvent @event, DateTimeOffset at, ChainSource? source) =>
        [Version, .. JsonSerializer.SerializeToUtf8Bytes(new Body(sequence, key, at, @event, source), Options)];

    /// <summary>Reads stored canonical bytes as the text that a row holds.</summary>
    /// <exception cref="LogDamagedException">An unknown version, an unknown event, or text that isn't an entry: refused, never guessed.</exception>
    public static LogEntry Read(int version, string json, byte[] previousChain)
    {
        if (version != Version)
            throw new LogDamagedException($"An entry has version {version}; this program knows version {Version}. Use a newer one.");
        Body body;
        try
        {
            body = JsonSerializer.Deserialize<Body>(json, Options) ?? throw new JsonException("null");
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException)
        {
            throw new LogDamagedException($"An entry can't be read: {failure.Message}");
        }

        return new(body.Sequence, body.Key, body.Event, body.At, body.Source,
            LogEntry.LinkAfter(previousChain, [Version, .. Encoding.UTF8.GetBytes(json)]));
    }

    sealed class NmrJson : JsonConverter<Nmr>
    {
        public override Nmr Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Nmr.TryParse(reader.GetString(), out var amount) ? amount : throw new JsonException("Not an amount of NMR.");

        public override void Write(Utf8JsonWriter writer, Nmr value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    sealed class BasisPointsJson : JsonConverter<BasisPoints>
    {
        public override BasisPoints Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, BasisPoints value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    /// <summary>An event of the books has the form that the replay format gives it (ACCOUNTING.md 6).</summary>
    sealed class VaultEventJson : JsonConverter<VaultEvent>
    {
        public override VaultEvent Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var read = EventJson.Read(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()));
            return read.IsMalformed(out var malformed) ? throw new JsonException(malformed.ToString()) : read.Value;
        }

        public override void Write(Utf8JsonWriter writer, VaultEvent value, JsonSerializerOptions options) => writer.WriteRawValue(EventJson.Write(value));
    }

    sealed class UtcJson : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
    }
}

/// <summary>A stored log isn't what was written: a changed, missing or unknown row. The vault can't be worked on until a person has looked.</summary>
public sealed class LogDamagedException(string message) : Exception(message)
{
    /// <summary>It was found before and is written on the log's head: somebody was woken.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Nothing is damaged: a newer program wrote an entry that this one doesn't know. This one leaves the vault alone, and the newer one goes on (FAULTS.md K-4).</summary>
    public bool IsNewer { get; init; }
}
