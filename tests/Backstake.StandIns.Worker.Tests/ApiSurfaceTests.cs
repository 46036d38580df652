using System.Reflection;
using Backstake.StandIns.Surface;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>Each stand-in offers exactly the members listed beside it, which are the package's own.</summary>
public sealed class ApiSurfaceTests
{
    [Theory]
    [InlineData("Microsoft.Azure.Functions.Worker")]
    [InlineData("Microsoft.Azure.Functions.Worker.Sdk")]
    [InlineData("Microsoft.Azure.Functions.Worker.Extensions.Http")]
    [InlineData("Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore")]
    [InlineData("Microsoft.Azure.Functions.Worker.Extensions.Timer")]
    [InlineData("Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues")]
    public void StandIn_HasTheListedMembersAndNoOther(string package)
    {
        var listed = PublicSurface.Read(Path.Combine(AppContext.BaseDirectory, "api-surface", package + ".txt"));

        var difference = PublicSurface.Difference(PublicSurface.Of(Assembly.Load(package)), listed);

        Assert.True(difference.Count == 0, $"{package}: + only in the stand-in, - only in api-surface.txt\n{string.Join('\n', difference)}");
    }
}
