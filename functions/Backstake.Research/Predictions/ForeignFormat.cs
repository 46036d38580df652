namespace Backstake.Research;

/// <summary>
/// What a file is by its bytes, where that isn't comma-separated text in UTF-8. Names and content types say nothing (FAULTS.md H-7): a file that begins or
/// ends as another format does is that format, whatever else it is.
/// </summary>
public static class ForeignFormat
{
    const int ZipEndMost = 65_557; // the end record of a zip archive and its longest comment

    /// <summary>The format's name, or null: it may be text.</summary>
    public static string? Of(ReadOnlySpan<byte> file)
    {
        foreach (var (name, mark) in Beginnings)
        {
            if (file.StartsWith(mark)) return name;
        }

        if (file.EndsWith("PAR1"u8)) return "Parquet";
        return file[^Math.Min(file.Length, ZipEndMost)..].IndexOf("PK\u0005\u0006"u8) >= 0 ? "zip" : null;
    }

    static readonly (string Name, byte[] Mark)[] Beginnings =
    [
        ("Parquet", [.. "PAR1"u8]), ("Parquet", [.. "PARE"u8]), ("gzip", [0x1F, 0x8B]), ("zip", [.. "PK\u0003\u0004"u8]), ("zip", [.. "PK\u0005\u0006"u8]),
        ("zip", [.. "PK\u0007\u0008"u8]), ("bzip2", [.. "BZh"u8]), ("xz", [0xFD, .. "7zXZ"u8]), ("7-zip", [.. "7z"u8, 0xBC, 0xAF]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        ("lz4", [0x04, 0x22, 0x4D, 0x18]), ("Arrow", [.. "ARROW1"u8]), ("Feather", [.. "FEA1"u8]), ("HDF5", [0x89, .. "HDF"u8]), ("NumPy", [0x93, .. "NUMPY"u8]),
        ("pickle", [0x80, 0x03]), ("pickle", [0x80, 0x04]), ("pickle", [0x80, 0x05]), ("Excel", [0xD0, 0xCF, 0x11, 0xE0]), ("PDF", [.. "%PDF"u8]), ("SQLite", [.. "SQLite format 3"u8]),
        ("PNG", [0x89, .. "PNG"u8]), ("ELF", [0x7F, .. "ELF"u8]), ("UTF-32", [0xFF, 0xFE, 0, 0]), ("UTF-32", [0, 0, 0xFE, 0xFF]), ("UTF-16", [0xFF, 0xFE]), ("UTF-16", [0xFE, 0xFF]),
    ];
}
