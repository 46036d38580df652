using Azure.Data.Tables;
using Backstake.Servers;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>One Azurite for all tests of the collection; each test has tables, queues and containers of its own.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private Azurite? _azurite;

    public Azurite Azurite => _azurite!;

    public async Task InitializeAsync() => _azurite = await Azurite.StartAsync();

    public async Task DisposeAsync() => await Azurite.DisposeAsync();

    /// <summary>A name that fits tables, queues and containers.</summary>
    public static string NewName() => $"t{Guid.NewGuid():N}";

    public async Task<TableClient> NewTable()
    {
        var table = new TableServiceClient(Azurite.ConnectionString).GetTableClient(NewName());
        await table.CreateIfNotExistsAsync();
        return table;
    }
}

[CollectionDefinition(Name)]
public sealed class StorageCollection : ICollectionFixture<StorageFixture>
{
    public const string Name = "storage";
}
