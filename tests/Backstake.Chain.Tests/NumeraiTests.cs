using Backstake.Chain.Numerai;

namespace Backstake.Chain.Tests;

public sealed class NumeraiTests
{
    [Fact]
    public void Uuid_IsItsPrintedBytesAfterZeros()
    {
        var id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        var word = UuidWord.Of(id);
        Assert.Equal("0000000000000000000000000000000000112233445566778899aabbccddeeff", Convert.ToHexStringLower(word));
        Assert.Equal(id, UuidWord.Read(word));
        word[0] = 1;
        Assert.Throws<FormatException>(() => UuidWord.Read(word));
    }

    [Fact]
    public void Node_DoesNotDependOnTheOrder()
    {
        byte[] one = [.. Enumerable.Repeat((byte)1, 32)], two = [.. Enumerable.Repeat((byte)2, 32)];
        Assert.Equal(ClaimProof.Node(one, two), ClaimProof.Node(two, one));
    }
}
