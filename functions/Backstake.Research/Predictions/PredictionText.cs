using System.Text.Unicode;

namespace Backstake.Research;

/// <summary>
/// What must hold of a file's bytes before anything is made of them, so that nothing in it can be large: valid UTF-8, no NUL, lines that end with LF or CRLF and
/// are short, every quoted value closed in its line, no more rows than are taken. One pass, no allocation. After it a record is a line.
/// </summary>
static class PredictionText
{
    public const int LineMost = 1024; // bytes; an id and a number have some forty

    public static PredictionError? FirstFault(ReadOnlySpan<byte> file)
    {
        var (line, start, quotes, rows) = (1, 0, 0, 0);
        for (var at = 0; ;)
        {
            var found = file[at..].IndexOfAny("\0\r\n\""u8);
            var end = found < 0 ? file.Length : at + found;
            if (end - start > LineMost) return new(line, null, "lineTooLong", $"The line has more than {LineMost} bytes.");
            at = end + 1;
            switch (found < 0 ? (byte)'\n' : file[end])
            {
                case (byte)'"':
                    quotes++;
                    break;
                case (byte)'\n':
                    if (quotes % 2 == 1) return new(line, null, "quote", "A quoted value isn't closed in its line.");
                    if (!Utf8.IsValid(file[start..end])) return new(line, null, "notUtf8", "The line isn't UTF-8 text.");
                    if (end > start && line > 1 && ++rows > PredictionCheck.RowsMost)
                        return new(line, null, "tooManyRows", $"The file has more than {PredictionCheck.RowsMost} rows.");
                    if (found < 0) return null;
                    (line, start, quotes) = (line + 1, at, 0);
                    break;
                case (byte)'\r':
                    if (at == file.Length || file[at] != (byte)'\n') return new(line, null, "lineEnd", "A carriage return stands alone; lines end with LF or CRLF.");
                    break;
                default:
                    return new(line, null, "nul", "The line has a NUL byte in it.");
            }
        }
    }
}
