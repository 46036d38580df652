using System.IO.Compression;
using System.Text;
using Backstake.Research;

namespace Backstake.Submissions.Tests.Files;

/// <summary>A file that must be refused for a Classic round with the live ids n1, n2 and n3.</summary>
/// <param name="Row">The row of the fault table.</param>
/// <param name="Foreign">The format it is by its bytes; null: text.</param>
/// <param name="Errors">Line and code of each error; empty for a foreign format.</param>
public sealed record BadFile(string Row, string Name, byte[] Content, string? Foreign, string Errors);

/// <summary>The corpus: a table a kind of fault, and what is answered to each.</summary>
public static class BadFiles
{
    const string Header = "id,prediction\n";
    public const string Good = Header + "n1,0.1\nn2,0.5\nn3,0.9\n";

    public static IReadOnlyList<BadFile> All { get; } = [.. Bombs(), .. Numbers(), .. Ids(), .. Constants(), .. Encodings(), .. Headers(), .. Shapes(), .. Polyglots()];

    static IEnumerable<BadFile> Bombs()
    {
        yield return new("H-1", "one byte too large", Enumerable.Repeat((byte)'a', PredictionCheck.BytesMost + 1).ToArray(), null, "1:tooLarge");
        yield return new("H-1", "gzip of zeros", GZip(new byte[40_000_000]), "gzip", "");
        yield return new("H-1", "zip of zeros", Zip(new byte[40_000_000]), "zip", "");
        yield return new("H-1", "Parquet that claims 2^31 values", [.. "PAR1"u8, .. new byte[200], 0xFF, 0xFF, 0xFF, 0x7F, .. "PAR1"u8], "Parquet", "");
        yield return Text("H-1", "a row too many", Good + Repeat("z,0.1\n", PredictionCheck.RowsMost - 2), "200002:tooManyRows");
        yield return Text("H-1", "millions of commas", Header + Repeat(",", 8_000_000), "2:lineTooLong");
        yield return Text("H-1", "millions of quotes", Header + Repeat("\"", 8_000_000), "2:lineTooLong");
        yield return Text("H-1", "a quote that never ends", Header + "\"" + Repeat("n1,0.1\n", 1_000_000), "2:quote");
        yield return Text("H-1", "empty lines and nothing else", Repeat("\n", 8_000_000), "1:header");
        yield return Text("H-1", "header of megabytes", Repeat("x", 5_000_000), "1:lineTooLong");
        yield return Text("H-1", "an id of a thousand letters and more", Header + Repeat("n", 1100) + ",0.1\n", "2:lineTooLong");
    }

    /// <summary>Each in the first row, in the last, and quoted.</summary>
    static IEnumerable<BadFile> Numbers()
    {
        string[] numbers =
        [
            "", " ", "NaN", "nan", "NAN", "null", "None", "NA", "#N/A", "inf", "+inf", "-inf", "Infinity", "-Infinity", "\u221E", "-0", "-0.0", "+0.5", "-0.1", "-1e-9",
            "1.0000001", "1.2", "2", "10", "1e1", "1e400", "1e-400", "1e-100", "1e99999999999", "0x1", "0x0.8p0", "0b1", "1_0", "0.5f", "0.5d", "0.5%", "50%", "$0.5", "1/2", "0,5",
            "0.5.5", "..5", ".", "e5", "1e", "1e+", "1e5e5", "5e-1-1", "0.5-", "0.5+", "(0.5)", "0. 5", " 0.5", "0.5 ", "\t0.5", "0.5\u00A0", "\u200B0.5", "\u0661", "\uFF10.\uFF15", "\u0966", "\u00BD",
            "true", "abc", "n1", "=0.5", "@0.5", "'0.5'", "0.5;", "0.5|", "1e--1", "00000000000000000000000000000000000000000.5",
            "0." + Repeat("5", 900), "\uD83D\uDE00", "0.5<", "1d-1", "1E-1E", "0.5e1.0",
        ];
        foreach (var number in numbers)
        {
            var quoted = "\"" + number + "\"";
            var plain = number.Contains(',', StringComparison.Ordinal) ? quoted : number;
            yield return Text("H-2", $"first '{Short(number)}'", $"{Header}n1,{plain}\nn2,0.5\nn3,0.9\n", "2:value 4:missingId");
            yield return Text("H-2", $"last '{Short(number)}'", $"{Header}n1,0.1\nn2,0.5\nn3,{plain}", "4:value 4:missingId");
            yield return Text("H-2", $"quoted '{Short(number)}'", $"{Header}n1,0.1\nn2,{quoted}\nn3,0.9\n", "3:value 4:missingId");
        }

        yield return Text("H-2", "ten million digits", Header + "n1,0." + Repeat("1", 8_000_000), "2:lineTooLong");
        yield return Text("H-2", "an id that isn't live with no number", Good + "zzzz,NaN\n", "5:value");
    }

    static IEnumerable<BadFile> Ids()
    {
        yield return Text("H-3", "an id twice", Good + "n1,0.3\n", "5:duplicateId");
        yield return Text("H-3", "every id twice", Good + "n3,0.3\nn2,0.3\nn1,0.3\n", "5:duplicateId 6:duplicateId 7:duplicateId");
        yield return Text("H-3", "an id missing", Header + "n1,0.1\nn2,0.5\n", "3:missingId");
        yield return Text("H-3", "no row", Header, "1:missingId");
        yield return Text("H-3", "another round's ids", Header + "m1,0.1\nm2,0.5\nm3,0.9\n", "4:missingId");
        yield return Text("H-3", "no id", Header + "n1,0.1\nn2,0.5\n,0.9\n", "4:id 4:missingId");
        yield return Text("H-3", "a quoted empty id", Header + "n1,0.1\nn2,0.5\n\"\",0.9\n", "4:id 4:missingId");
        foreach (var id in new[] { "N3", " n3", "n3 ", "n3\u200B", "\u202En3", "n\u0033\u0301", "n03", "n3.0", "n\uFF13", "../../n3", "CON", "=n3", "n3;", "'n3'", "n3\t" })
            yield return Text("H-3", $"'{id}' for n3", $"{Header}n1,0.1\nn2,0.5\n{id},0.9\n", "4:missingId");
    }

    static IEnumerable<BadFile> Constants()
    {
        foreach (var same in new[] { "0.5,0.5,0.5", "0,0,0", "1,1,1", "0.1,0.10,1e-1", "0.3,.3,0.30000000000000000" })
        {
            var values = same.Split(',');
            yield return Text("H-4", same, $"{Header}n1,{values[0]}\nn2,{values[1]}\nn3,{values[2]}\n", "4:constant");
        }
    }

    static IEnumerable<BadFile> Encodings()
    {
        yield return new("H-5", "UTF-16, little end first", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)], "UTF-16", "");
        yield return new("H-5", "UTF-16, big end first", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Good)], "UTF-16", "");
        yield return new("H-5", "UTF-16 without a mark", Encoding.Unicode.GetBytes(Good), null, "1:nul");
        yield return new("H-5", "UTF-32", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Good)], "UTF-32", "");
        yield return new("H-5", "UTF-32, big end first", [0, 0, 0xFE, 0xFF, .. new UTF32Encoding(true, false).GetBytes(Good)], "UTF-32", "");
        yield return new("H-5", "Latin-1", Encoding.Latin1.GetBytes(Good.Replace("n3", "\u00FC3", StringComparison.Ordinal)), null, "4:notUtf8");
        yield return new("H-5", "overlong UTF-8", [.. Encoding.UTF8.GetBytes(Header), 0xC0, 0xAE, .. Encoding.UTF8.GetBytes(",0.1\n")], null, "2:notUtf8");
        yield return new("H-5", "half a surrogate", [.. Encoding.UTF8.GetBytes(Good), 0xED, 0xA0, 0x80, .. ",0.1"u8], null, "5:notUtf8");
        yield return new("H-5", "cut within a letter", [.. Encoding.UTF8.GetBytes(Good), 0xE2, 0x82], null, "5:notUtf8");
        yield return Text("H-5", "two byte order marks", "\uFEFF\uFEFF" + Good, "1:header");
        yield return Text("H-5", "carriage returns alone", Good.Replace('\n', '\r'), "1:lineEnd");
        yield return Text("H-5", "one carriage return alone", Good + "zz,0.1\rzz,0.2\n", "5:lineEnd");
        yield return Text("H-5", "a carriage return at the end", Good + "\r", "5:lineEnd");
        yield return Text("H-5", "two carriage returns", Good.Replace("\n", "\r\r\n", StringComparison.Ordinal), "1:lineEnd");
        yield return Text("H-5", "NUL at the end", Good + "\0", "5:nul");
        yield return Text("H-5", "NUL after a number", Header + "n1,0.1\0\nn2,0.5\nn3,0.9\n", "2:nul");
        yield return Text("H-5", "NUL in an id", Header + "n\0001,0.1\n", "2:nul");
        yield return Text("H-5", "nothing but NUL", "\0\0\0", "1:nul");
        yield return Text("H-5", "vertical tabs for lines", Good.Replace('\n', '\v'), "1:header");
        yield return Text("H-5", "next-line signs for lines", Good.Replace('\n', '\u0085'), "1:header");
        yield return Text("H-5", "line separators for lines", Good.Replace('\n', '\u2028'), "1:header");
        yield return Text("H-5", "an open quote", Header + "n1,0.1\nn2,\"0.5\nn3,0.9\n", "3:quote");
        yield return Text("H-5", "an open quote in the last line", Good + "\"", "5:quote");
        yield return Text("H-5", "a line break in a value", Header + "n1,0.1\n\"n2\nn2\",0.5\nn3,0.9\n", "3:quote");
        yield return Text("H-5", "text after a quote", Header + "n1,0.1\n\"n2\"x,0.5\nn3,0.9\n", "3:notCsv 4:missingId");
        yield return Text("H-5", "quotes within a value", Header + "n1,0.1\nn\"2\",0.5\nn3,0.9\n", "3:notCsv 4:missingId");
        yield return Text("H-5", "blank before a quote", Header + "n1,0.1\n \"n2\",0.5\nn3,0.9\n", "3:notCsv 4:missingId");
        yield return Text("H-5", "three quotes", Header + "n1,0.1\n\"\"\"n2\"\"\",0.5\nn3,0.9\n", "4:missingId");
        yield return Text("H-5", "escaped with a backslash", Header + "n1,0.1\n\"n\\\"2\",0.5\n", "3:quote");
    }

    static IEnumerable<BadFile> Headers()
    {
        string[] headers =
        [
            "", "\n", " ", "id", "prediction", "id,", ",prediction", ",", "prediction,id", "ID,prediction", "Id,Prediction", "id,PREDICTION", "id,Prediction", "id, prediction", " id,prediction", "id,prediction ",
            "id,signal", "id,predictions", "ids,prediction", "id,prediction,extra", "id,prediction,", ",id,prediction", "id;prediction", "id\tprediction", "id|prediction", "symbol,prediction", "ticker,signal", "n1,0.1",
            "id,prediction\u200B", "\u0456d,prediction", "'id','prediction'", "id\\,prediction", "era,id,prediction", "id,target", "id,id", "#id,prediction", "id=prediction", "<html>502</html>", "{\"errors\":[]}", "null", "\"id,prediction\"",
        ];
        foreach (var header in headers)
            yield return Text("H-5", $"header '{Short(header)}'", header + "\nn1,0.1\nn2,0.5\nn3,0.9\n", "1:header");
        yield return new("H-5", "nothing", [], null, "1:header");
    }

    static IEnumerable<BadFile> Shapes()
    {
        yield return Text("H-5", "a value alone", Header + "n1,0.1\nn2,0.5\nn3\n", "4:columns 4:missingId");
        yield return Text("H-5", "a value too many", Header + "n1,0.1\nn2,0.5\nn3,0.9,1\n", "4:columns 4:missingId");
        yield return Text("H-5", "a comma too many", Header + "n1,0.1\nn2,0.5\nn3,0.9,\n", "4:columns 4:missingId");
        yield return Text("H-5", "semicolons", Header + "n1;0.1\nn2;0.5\nn3;0.9\n", "2:columns 3:columns 4:columns 4:missingId");
        yield return Text("H-5", "tabs", Header + "n1\t0.1\nn2\t0.5\nn3\t0.9\n", "2:columns 3:columns 4:columns 4:missingId");
        yield return Text("H-5", "all in one line", "id,prediction,n1,0.1,n2,0.5,n3,0.9", "1:header");
        yield return Text("H-5", "the header twice", Header + Good, "2:value");
        yield return Text("H-5", "two files one after the other", Good + Good, "5:value 6:duplicateId 7:duplicateId 8:duplicateId");
        yield return Text("H-5", "cut off", Header + "n1,0.1\nn2,0.", "3:missingId");
        yield return Text("H-5", "a comment", Header + "# made by me\nn1,0.1\nn2,0.5\nn3,0.9\n", "2:columns");
        yield return Text("H-5", "blanks for a line", Header + "n1,0.1\n  \nn2,0.5\nn3,0.9\n", "3:columns");
    }

    static IEnumerable<BadFile> Polyglots()
    {
        var text = Encoding.UTF8.GetBytes(Good);
        var zip = Zip(text);
        yield return new("H-7", "gzip of a good file", GZip(text), "gzip", "");
        yield return new("H-7", "zip of a good file", zip, "zip", "");
        yield return new("H-7", "a good file before a zip", [.. text, .. zip], "zip", "");
        yield return new("H-7", "a good file before a zip with a comment", [.. text, .. zip[..^2], 5, 0, .. "hello"u8], "zip", "");
        yield return new("H-7", "an empty zip", [.. "PK\u0005\u0006"u8, .. new byte[18]], "zip", "");
        yield return new("H-7", "a good file that ends as Parquet", [.. text, .. "PAR1"u8], "Parquet", "");
        yield return new("H-7", "Parquet by its beginning alone", [.. "PAR1"u8, .. text], "Parquet", "");
        yield return new("H-7", "encrypted Parquet", [.. "PARE"u8, .. text], "Parquet", "");
        foreach (var (name, mark) in new (string, byte[])[]
        {
            ("bzip2", [.. "BZh9"u8]), ("xz", [0xFD, .. "7zXZ"u8, 0]), ("7-zip", [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("lz4", [0x04, 0x22, 0x4D, 0x18]),
            ("Arrow", [.. "ARROW1\0\0"u8]), ("Feather", [.. "FEA1"u8]), ("HDF5", [0x89, .. "HDF\r\n"u8]), ("NumPy", [0x93, .. "NUMPY"u8]), ("pickle", [0x80, 0x04, 0x95]), ("Excel", [0xD0, 0xCF, 0x11, 0xE0]),
            ("PDF", [.. "%PDF-1.7\n"u8]), ("SQLite", [.. "SQLite format 3\0"u8]), ("PNG", [0x89, .. "PNG\r\n"u8]), ("ELF", [0x7F, .. "ELF"u8]),
        })
        {
            yield return new("H-7", $"{name} that goes on as a good file", [.. mark, .. text], name, "");
        }

        yield return new("H-7", "a tar of a good file", [.. "predictions.csv"u8, .. new byte[241], .. "ustar"u8, .. new byte[251], .. text], null, "1:nul");
        yield return Text("H-7", "a page that holds a good file", "<pre>\n" + Good + "</pre>", "1:header");
        yield return Text("H-7", "a script that holds a good file", "#!/bin/sh\n" + Good, "1:header");
    }

    static BadFile Text(string row, string name, string content, string errors) => new(row, name, Encoding.UTF8.GetBytes(content), null, errors);

    static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    static string Short(string text) => text.Length <= 20 ? text : text[..20] + "…";

    static byte[] GZip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(content);
        return packed.ToArray();
    }

    static byte[] Zip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var stream = archive.CreateEntry("predictions.csv").Open())
            stream.Write(content);
        return packed.ToArray();
    }
}
