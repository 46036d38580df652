using System.IO.MemoryMappedFiles;

namespace Backstake.Functions.Hosting;

/// <summary>
/// The time of a sandbox (setting <c>Backstake:ClockFile</c>): a file of 8 bytes, UTC ticks, that the sandbox moves on. Timers and delays still run on
/// the machine's own time.
/// </summary>
public sealed class ClockFile : TimeProvider, IDisposable
{
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;

    public ClockFile(string path)
    {
        file = MemoryMappedFile.CreateFromFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), null, sizeof(long),
            MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, sizeof(long), MemoryMappedFileAccess.Read);
    }

    public override DateTimeOffset GetUtcNow() => new(view.ReadInt64(0), TimeSpan.Zero);

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
