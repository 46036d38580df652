using Backstake.StandIns.Surface;
using Nethereum.Signer.EIP712;
using Nethereum.Web3;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>The stand-ins offer what their lists say, which is taken from the real packages' sources (6.5.0), and nothing else.</summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData(typeof(Web3), "Nethereum.Web3.txt")]
    [InlineData(typeof(Eip712TypedDataSigner), "Nethereum.Signer.EIP712.txt")]
    public void StandIn_HasTheListedMembersAlone(Type of, string list) =>
        Assert.Empty(PublicSurface.Difference(PublicSurface.Of(of.Assembly), PublicSurface.Read(Path.Combine(AppContext.BaseDirectory, list))));
}
