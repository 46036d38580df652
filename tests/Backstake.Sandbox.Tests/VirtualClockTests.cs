using System.Buffers.Binary;
using Backstake.Sandbox.Time;

namespace Backstake.Sandbox.Tests;

public sealed class VirtualClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_MovesOnlyForward()
    {
        using var clock = new VirtualClock(Start);
        Assert.Equal(Start, clock.GetUtcNow());
        Assert.Equal(Start.AddHours(1), clock.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(Start.AddHours(1), clock.MoveTo(Start));
        Assert.Equal(Start.AddHours(1), clock.GetUtcNow());
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void It_PublishesEachMove_AsEightLittleEndianBytesOfTicks()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var clock = new VirtualClock(Start, file);
            Assert.Equal(Start.UtcTicks, Read(file));
            clock.MoveTo(Start.AddTicks(1));
            Assert.Equal(Start.UtcTicks + 1, Read(file));
            Assert.Equal(8, new FileInfo(file).Length);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static long Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[8];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }
}
