using System.Buffers;
using System.Text.Json;

namespace Backstake.Accounting;

internal static class JsonText
{
    /// <summary>What was written, as UTF-8 without white space: one form for one content.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = false })) write(json);
        return bytes.WrittenSpan.ToArray();
    }

    public static void WriteAmount(this Utf8JsonWriter json, string name, Nmr amount)
    {
        Span<byte> utf8 = stackalloc byte[Nmr.LongestText];
        json.WriteString(name, utf8[..amount.Write(utf8)]);
    }
}
