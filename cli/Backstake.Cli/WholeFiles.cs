using System.Text;

namespace Backstake.Cli;

/// <summary>Writes files that are there whole, or as they were before: whatever ends the writing early (a full disk, a kill), nothing half-written bears their names.</summary>
internal static class WholeFiles
{
    private const string PartSuffix = ".part";

    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public static void Write(string path, byte[] content) => Write([(path, content)]);

    /// <summary>A file that is written bit by bit.</summary>
    public static void Write(string path, Action<Stream> write) => Write([(path, write)]);

    public static void Write(IReadOnlyList<(string Path, byte[] Content)> files) => Write([.. files.Select(file => (file.Path, (Action<Stream>)(stream => stream.Write(file.Content))))]);

    /// <summary>Files that belong together: all of them are written before the first gets its name.</summary>
    /// <exception cref="IOException">One can't be written, and none was changed; the message names it.</exception>
    private static void Write((string Path, Action<Stream> Write)[] files)
    {
        try
        {
            foreach (var (path, write) in files) Part(path, write);
            foreach (var (path, _) in files) File.Move(path + PartSuffix, path, overwrite: true);
        }
        finally
        {
            foreach (var (path, _) in files) File.Delete(path + PartSuffix);
        }
    }

    private static void Part(string path, Action<FileStream> write)
    {
        try
        {
            using var stream = new FileStream(path + PartSuffix, FileMode.Create, FileAccess.Write, FileShare.None);
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException) // the latter is how a file beyond the system's limit is told
        {
            throw new IOException($"{path} can't be written, and is as it was: {e.Message}", e);
        }
    }
}
