using Azure.Data.Tables;
using Backstake.StandIns.Surface;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>A stand-in offers exactly the members that the committed list has, which are those of the real package that the app uses.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Tables_OffersTheListedMembers_AndNoOther() =>
        Assert.Empty(PublicSurface.Difference(PublicSurface.Of(typeof(TableClient).Assembly), Listed("Azure.Data.Tables")));

    [Fact]
    public void Hashing_OffersNothingOfItsOwn_AndForwardsToTheGenuineAssembly()
    {
        var standIn = System.Reflection.Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Backstake.StandIns.Hashing.dll"));

        Assert.Empty(PublicSurface.Of(standIn));
        Assert.Equal("System.IO.Hashing", Assert.Single(standIn.GetForwardedTypes()).Assembly.GetName().Name);
    }

    private static IReadOnlyList<string> Listed(string package) => PublicSurface.Read(Path.Combine(AppContext.BaseDirectory, "surface", $"{package}.txt"));
}
