using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Backstake.Accounting.Reference;

/// <summary>
/// A JSON value and its place in the text. Reads what ACCOUNTING.md 6 allows and refuses the rest by place: no byte order mark, no duplicate key, no unknown or missing field,
/// numbers that are integers only.
/// </summary>
internal readonly struct StrictJson
{
    /// <summary>Whatever is longer is out of any bound; so nobody waits for a million digits.</summary>
    private const int LongestAmount = 64;

    private readonly JsonElement _element;

    private StrictJson(JsonElement element, string place)
    {
        _element = element;
        Place = place;
    }

    public string Place { get; }

    public static StrictJson Document(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble)) throw Refuse("byte 0", "a byte order mark");
        if (utf8.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0) throw Refuse("byte 0", "the file is empty");
        if (FirstInvalidByte(utf8.Span) is { } position) throw Refuse($"byte {position}", "not UTF-8");
        try
        {
            return new(JsonDocument.Parse(utf8).RootElement, "");
        }
        catch (JsonException e)
        {
            throw Refuse($"line {e.LineNumber + 1}, byte {e.BytePositionInLine}", "not JSON");
        }
    }

    public MalformedTextException Malformed(string problem) => Refuse(Place.Length == 0 ? "file" : Place, problem);

    /// <summary>The fields of an object: exactly these, each once. Those with a question mark may be missing.</summary>
    public Fields Object(params ReadOnlySpan<string> names)
    {
        var fields = Members();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var bare = name.TrimEnd('?');
            known.Add(bare);
            if (bare == name && !fields.ContainsKey(name)) throw At(name).Malformed("missing");
        }

        foreach (var (name, value) in fields)
        {
            if (!known.Contains(name)) throw value.Malformed("unknown field");
        }

        return new(fields);
    }

    /// <summary>All members of an object whose keys are not fixed, in their order; each key once.</summary>
    public OrderedDictionary<string, StrictJson> Members()
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Malformed("not an object");
        var members = new OrderedDictionary<string, StrictJson>(StringComparer.Ordinal);
        foreach (var property in _element.EnumerateObject())
        {
            var name = Decoded(this, property, static one => one.Name);
            if (!members.TryAdd(name, new(property.Value, At(name).Place))) throw members[name].Malformed("duplicate key");
        }

        return members;
    }

    public IEnumerable<StrictJson> Items()
    {
        if (_element.ValueKind != JsonValueKind.Array) throw Malformed("not an array");
        var (index, place) = (0, Place);
        return _element.EnumerateArray().Select(item => new StrictJson(item, $"{place}[{index++}]"));
    }

    public bool IsNull => _element.ValueKind == JsonValueKind.Null;

    public string Text()
    {
        if (_element.ValueKind != JsonValueKind.String) throw Malformed("not a string");
        return Decoded(this, _element, static one => one.GetString()!);
    }

    public bool Truth() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Malformed("not true or false"),
    };

    /// <summary>An integer without fraction or exponent, from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public long Integer(long least, long most)
    {
        if (_element.ValueKind != JsonValueKind.Number) throw Malformed("not a number");
        var digits = _element.GetRawText();
        if (digits.AsSpan().ContainsAny(Exponents)) throw Malformed("not an integer");
        if (!long.TryParse(digits, out var integer) || integer < least || integer > most) throw Malformed($"not from {least} to {most}");
        return integer;
    }

    public Nmr Amount(Nmr least, Nmr most)
    {
        var text = Text();
        if (text.Length > LongestAmount || !Nmr.TryParse(text, out var amount)) throw Malformed("not an amount of NMR as a decimal string");
        if (amount < least || amount > most) throw Malformed($"not from {least} to {most}");
        return amount;
    }

    public Nmr AnyAmount() => Nmr.TryParse(Text(), out var amount) ? amount : throw Malformed("not an amount of NMR as a decimal string");

    public BasisPoints BasisPoints(int most = Reference.BasisPoints.WholeValue) => new((int)Integer(0, most));

    private StrictJson At(string name) => new(default, Place.Length == 0 ? Readable(name) : $"{Place}.{Readable(name)}");

    private static readonly SearchValues<char> Exponents = SearchValues.Create(".eE");

    /// <summary>The line that names a place must stay one line, of a readable length.</summary>
    private static string Readable(string name)
    {
        const int Longest = 80;
        var text = name.Length <= Longest ? name : name[..Longest] + "…";
        return string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    private static string Decoded<TJson>(StrictJson where, TJson json, Func<TJson, string> decode)
    {
        try
        {
            return decode(json);
        }
        catch (InvalidOperationException)
        {
            throw where.Malformed("a string with half a surrogate pair");
        }
    }

    private static int? FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        for (var position = 0; position < utf8.Length;)
        {
            if (utf8[position] < 0x80)
            {
                position++;
                continue;
            }

            if (Rune.DecodeFromUtf8(utf8[position..], out _, out var length) != OperationStatus.Done) return position;
            position += length;
        }

        return null;
    }

    private static MalformedTextException Refuse(string place, string problem) => new(new Malformed(place, problem));

    /// <summary>The fields of one object, by name.</summary>
    internal readonly struct Fields(OrderedDictionary<string, StrictJson> fields)
    {
        public StrictJson this[string name] => fields[name];

        public StrictJson? Optional(string name) => fields.TryGetValue(name, out var field) ? field : null;
    }
}
