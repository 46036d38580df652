using Azure.Data.Tables;
using Backstake.StandIns.Surface;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Compiled with the real packages only: the committed lists name nothing that those do not have.</summary>
public sealed class PackageTests
{
    [Fact]
    public void Tables_HasEveryListedMember()
    {
        var listed = PublicSurface.Read(Path.Combine(AppContext.BaseDirectory, "surface", "Azure.Data.Tables.txt"));

        Assert.Empty(listed.Except(PublicSurface.Of(typeof(TableClient).Assembly), StringComparer.Ordinal));
    }
}
