using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting.Tests.Properties;
using Xunit;

namespace Backstake.Accounting.Tests;

/// <summary>A history read as a stream gives what the whole file gives, or is refused for the same reason, whatever the pieces it comes in.</summary>
public sealed class ReplayStreamTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "examples");

    [Fact]
    public void EveryExample_AndEveryMalformedFile_IsReadTheSame() =>
        Assert.All(Directory.GetFiles(Folder, "*.json", SearchOption.AllDirectories), file => AssertSame(File.ReadAllBytes(file)));

    [Fact]
    public void RandomHistories_AreReadTheSame() => Law.Holds(100, history => AssertSame(history.ToReplayFile().Write()));

    [Fact]
    public void WithAnyByteChanged_AFileIsReadTheSame() => Law.Holds(60, history =>
    {
        var bytes = history.ToReplayFile().Write();
        var random = new Random(history.Seed);
        for (var i = 0; i < 20; i++)
        {
            var changed = bytes.ToArray();
            ReadOnlySpan<byte> likely = "\"{}[],:0123456789.-eE tnu\\x\u00fc"u8;
            changed[random.Next(changed.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : likely[random.Next(likely.Length)];
            AssertSame(changed);
        }
    });

    [Theory] // how one may also write {"type":"deposit","backer":"0xaaa…","terms":"T1","units":1}
    [InlineData("""{ "units" : 1 , "terms" : "T1", "backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "type":"deposit" }""")]
    [InlineData("""{"type":"dep\u006fsit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"\u00541","units":1}""")]
    [InlineData("""{"t\u0079pe":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"no such terms: ü","units":1}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"","units":1}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":-0}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1,"payout":""}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":110001}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1,"units":1}""")]
    [InlineData("""{"type":"deposit","backer":{},"terms":"T1","units":1}""")]
    [InlineData("""{"type":"resolve","round":1,"payout":""}""")]
    [InlineData("""{"type":"settle","week":1,"round":1}""")]
    [InlineData("""{"type":"close","round":1,"shareBps":null}""")]
    [InlineData("""{}""")]
    [InlineData("""[{}]""")]
    public void EventsWrittenInOtherWays_AreReadTheSame(string events) => AssertSame(Encoding.UTF8.GetBytes(
        $$$"""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{"T1":{"unitSize":"100","profitShareBps":0,"crystallisation":"atEnd","compoundingWeeks":9}},"events":[{"type":"houseDeposit","amount":"1"},{{{events}}}]}"""));

    [Theory]
    [InlineData("events", "terms", "vault", "schema")]
    [InlineData("terms", "schema", "events", "vault")]
    [InlineData("vault", "terms", "schema", "events")]
    public void FieldsInAnyOrder_AreReadTheSame(params string[] order)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, "mixed-1.json")))!.AsObject();
        var turned = new JsonObject(order.Select(name => KeyValuePair.Create(name, file[name]?.DeepClone())));
        AssertSame(Encoding.UTF8.GetBytes(turned.ToJsonString()));
        AssertSame(Encoding.UTF8.GetBytes(turned.ToString()));
    }

    private static void AssertSame(byte[] utf8)
    {
        var whole = ReplayFile.Read(utf8);
        foreach (var piece in (int[])[int.MaxValue, 61, 1])
        {
            using var history = new InPieces(utf8, piece);
            var written = new MemoryStream();
            var malformed = ReplayStream.Replay(history, written.Write);
            Assert.Equal(whole.Malformed, malformed);
            Assert.Equal(whole.Malformed is null ? whole.Value.Replay().Write() : [], written.ToArray());
        }
    }

    /// <summary>A stream that gives a few bytes at a time, as a network may; and once like a pipe.</summary>
    private sealed class InPieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override bool CanSeek => most != 61;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(most, buffer.Length)]);
    }
}
