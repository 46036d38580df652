using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Tests;

namespace Backstake.BooksEqualChain;

/// <summary>One world for all tests: each history forgets the ones before.</summary>
public sealed class WorldFixture : IAsyncLifetime
{
    private World? world;

    internal World World
    {
        get
        {
            Skip.If(world is null, Artifact.Missing);
            return world;
        }
    }

    public async Task InitializeAsync() => world = await World.Start();

    public async Task DisposeAsync()
    {
        if (world is not null) await world.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class OneWorld : ICollectionFixture<WorldFixture>
{
    public const string Name = "one world";
}
