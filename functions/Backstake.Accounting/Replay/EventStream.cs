using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>
/// The events of a replay file, one after another from a stream: of one whose events are its last field, as ours are. What isn't of this form, or malformed anywhere, throws
/// <see cref="MalformedTextException"/>, whose place nobody should print: <see cref="ReplayFile.Read"/> judges such a file.
/// </summary>
internal sealed class EventStream(Stream stream)
{
    private const int SmallestBuffer = 1 << 17;

    private byte[] _buffer = new byte[SmallestBuffer];
    private int _start;
    private int _end;
    private bool _isLast;
    private JsonReaderState _state;
    private EventReader? _reader;

    public VaultSettings Vault { get; private set; } = null!;

    public ImmutableSortedDictionary<TermsId, Terms> Terms { get; private set; } = ImmutableSortedDictionary<TermsId, Terms>.Empty;

    public bool IsOfTheUsualForm()
    {
        try
        {
            ReadHead();
            while (TryNext(out _))
            {
            }

            return true;
        }
        catch (Exception e) when (e is MalformedTextException or JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Up to the first event.</summary>
    public void ReadHead()
    {
        while (!TryReadHead()) Refill();
        _reader = new EventReader(Terms);
    }

    public IEnumerable<VaultEvent> Events()
    {
        while (TryNext(out var vaultEvent)) yield return vaultEvent!;
    }

    private static MalformedTextException Unusual() => new(new Malformed("file", "not of the usual form"));

    private bool TryNext(out VaultEvent? vaultEvent)
    {
        while (true)
        {
            var json = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isLast, _state);
            if (json.Read())
            {
                if (json.TokenType == JsonTokenType.EndArray)
                {
                    vaultEvent = null;
                    Consume(json);
                    ReadEnd();
                    return false;
                }

                if (json.TokenType != JsonTokenType.StartObject) throw Unusual();
                var first = (int)json.TokenStartIndex;
                var atStart = json;
                var isWhole = _reader!.TryRead(ref json, out vaultEvent);
                if (isWhole && vaultEvent is null)
                {
                    json = atStart;
                    isWhole = TryReadStrictly(ref json, first, out vaultEvent);
                }

                if (isWhole)
                {
                    Consume(json);
                    return true;
                }
            }

            Refill();
        }
    }

    /// <summary>An event of another form than ours. False: the bytes end within it.</summary>
    private bool TryReadStrictly(ref Utf8JsonReader json, int first, out VaultEvent? vaultEvent)
    {
        vaultEvent = null;
        if (!json.TrySkip()) return false;
        vaultEvent = ReplayFile.ReadEvent(StrictJson.Document(_buffer.AsMemory(_start + first, (int)json.BytesConsumed - first)), Terms);
        return true;
    }

    /// <summary>After the events nothing may follow but the end of the object.</summary>
    private void ReadEnd()
    {
        while (true)
        {
            var json = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isLast, _state);
            if (json.Read())
            {
                if (json.TokenType != JsonTokenType.EndObject) throw Unusual();
                if (_isLast)
                {
                    if (json.Read()) throw Unusual();
                    return;
                }
            }

            Refill();
        }
    }

    private bool TryReadHead()
    {
        var bytes = _buffer.AsMemory(_start, _end - _start);
        var json = new Utf8JsonReader(bytes.Span, _isLast, _state);
        if (!json.Read()) return false;
        if (json.TokenType != JsonTokenType.StartObject || bytes.Span.StartsWith(Encoding.UTF8.Preamble)) throw Unusual();
        var values = new Dictionary<string, StrictJson>(StringComparer.Ordinal);
        while (true)
        {
            if (!json.Read()) return false;
            if (json.TokenType != JsonTokenType.PropertyName) throw Unusual();
            var name = json.GetString()!;
            if (!json.Read()) return false;
            var first = (int)json.TokenStartIndex;
            if (name == "events") break;
            if (!json.TrySkip()) return false;
            if (!values.TryAdd(name, StrictJson.Document(bytes[first..(int)json.BytesConsumed]))) throw Unusual();
        }

        if (json.TokenType != JsonTokenType.StartArray || values.Count != 3 || !values.TryGetValue("schema", out var schema) || schema.Text() != ReplayFile.Schema) throw Unusual();
        Vault = TermsJson.ReadVault(values["vault"]);
        Terms = TermsJson.ReadAll(values["terms"]).ToImmutableSortedDictionary(one => one.Id, one => one.Terms);
        Consume(json);
        return true;
    }

    private void Consume(in Utf8JsonReader json)
    {
        _start += (int)json.BytesConsumed;
        _state = json.CurrentState;
    }

    /// <summary>More bytes behind those not consumed yet.</summary>
    private void Refill()
    {
        if (_isLast) throw Unusual();
        var left = _end - _start;
        if (left > _buffer.Length >> 1)
        {
            var larger = new byte[checked(_buffer.Length * 2)];
            _buffer.AsSpan(_start, left).CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, left).CopyTo(_buffer);
        }

        (_start, _end) = (0, left);
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _isLast = read == 0;
    }
}
