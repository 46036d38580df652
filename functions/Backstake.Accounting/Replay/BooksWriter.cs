using System.Buffers;
using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>Writes the published books as they come, one week a line: the bytes of <see cref="BooksDocument"/>.</summary>
internal sealed class BooksWriter : IDisposable
{
    private readonly Action<ReadOnlySpan<byte>> _write;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;
    private readonly List<RefusedEvent> _errors = [];
    private bool _hasWeeks;

    public BooksWriter(Action<ReadOnlySpan<byte>> write)
    {
        _write = write;
        _json = new Utf8JsonWriter(_bytes);
        _write("{\"weeks\":["u8);
    }

    public void Dispose() => _json.Dispose();

    public void Add(WeekEntry week)
    {
        _write(_hasWeeks ? ",\n"u8 : "\n"u8);
        _hasWeeks = true;
        BooksDocument.WriteWeek(_json, week);
        Flush();
    }

    public void Add(RefusedEvent error) => _errors.Add(error);

    public void End()
    {
        _write("\n],\"errors\":"u8);
        BooksDocument.WriteErrors(_json, _errors);
        Flush();
        _write("}\n"u8);
    }

    private void Flush()
    {
        _json.Flush();
        _write(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
        _json.Reset();
    }
}
