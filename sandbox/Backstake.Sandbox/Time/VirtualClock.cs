using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace Backstake.Sandbox.Time;

/// <summary>
/// The sandbox's time, UTC. It stands still until it is moved, and moves only forward. With a file it publishes every move to other processes:
/// 8 bytes, little-endian .NET UTC ticks, memory-mapped.
/// </summary>
public sealed class VirtualClock : TimeProvider, IDisposable
{
    private readonly Lock gate = new();
    private readonly MemoryMappedFile? mapped;
    private readonly MemoryMappedViewAccessor? view;
    private long ticks;

    /// <param name="start">The first time shown.</param>
    /// <param name="file">Where to publish; null: this process only. A file that is there is written over.</param>
    public VirtualClock(DateTimeOffset start, string? file = null)
    {
        ticks = start.UtcTicks;
        if (file is null)
        {
            return;
        }
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ticks);
        // Sharing is needed: readers map the same file while it is written.
        var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Write(bytes);
        stream.SetLength(sizeof(long));
        stream.Flush();
        mapped = MemoryMappedFile.CreateFromFile(stream, null, sizeof(long), MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        view = mapped.CreateViewAccessor(0, sizeof(long), MemoryMappedFileAccess.ReadWrite);
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <summary>Moves forward to <paramref name="time"/>; a time already passed changes nothing. Returns the time now.</summary>
    public DateTimeOffset MoveTo(DateTimeOffset time)
    {
        lock (gate)
        {
            if (time.UtcTicks > ticks)
            {
                Interlocked.Exchange(ref ticks, time.UtcTicks);
                // One aligned 8-byte store: a reader sees the old time or the new one, never a mixture.
                view?.Write(0, BitConverter.IsLittleEndian ? ticks : BinaryPrimitives.ReverseEndianness(ticks));
            }
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }
    }

    /// <summary>Moves forward by <paramref name="step"/>, which must not be negative.</summary>
    public DateTimeOffset Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        lock (gate)
        {
            return MoveTo(new DateTimeOffset(ticks, TimeSpan.Zero) + step);
        }
    }

    public void Dispose()
    {
        view?.Dispose();
        mapped?.Dispose();
    }
}
