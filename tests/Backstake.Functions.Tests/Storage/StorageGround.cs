using System.Text.Json;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backstake.Functions.Tests.Storage;

/// <summary>One Azurite for all tests that need storage; each test has a vault of its own.</summary>
public sealed class StorageGround : IAsyncLifetime
{
    public const string Collection = "storage";
    const int MessagesMost = 32; // that a queue gives at once

    Azurite? azurite;

    public StorageClients Clients { get; private set; } = null!;

    public string ConnectionString => azurite!.ConnectionString;

    public async Task InitializeAsync()
    {
        azurite = await Azurite.StartAsync();
        Clients = Connect(azurite.ConnectionString);
        var machine = NewMachine();
        await machine.Log.Prepare(default);
        await machine.Blobs.Prepare(default);
    }

    public async Task DisposeAsync()
    {
        if (azurite is not null)
            await azurite.DisposeAsync();
    }

    /// <summary>Nothing of what was stored is left, no table either.</summary>
    public async Task Lose(CancellationToken stop)
    {
        await azurite!.KillAsync();
        await azurite.StartAgainAsync(stop);
    }

    /// <summary>The app's storage on a machine of its own: nothing is known there yet.</summary>
    public Machine NewMachine()
    {
        var (log, blobs) = (new LogTable(Clients), new BlobStore(Clients));
        return new Machine(log, blobs, new VaultStore(log, blobs, TimeProvider.System, NullLogger<VaultStore>.Instance));
    }

    /// <summary>What is visible in a queue, taken from it.</summary>
    public async Task<List<T>> Taken<T>(string queue)
    {
        var (client, taken) = (Clients.Queues.GetQueueClient(queue), new List<T>());
        while ((await client.ReceiveMessagesAsync(MessagesMost)).Value is { Length: > 0 } messages)
        {
            foreach (var message in messages)
            {
                await client.DeleteMessageAsync(message.MessageId, message.PopReceipt);
                taken.Add(message.Body.ToObjectFromJson<T>(JsonSerializerOptions.Web)!);
            }
        }

        return taken;
    }

    public static string NewVault() => "0x" + Convert.ToHexStringLower([.. Guid.NewGuid().ToByteArray(), 0, 0, 0, 1]);

    static StorageClients Connect(string connection) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", connection)]).Build(), new Transports());
}

[CollectionDefinition(StorageGround.Collection)]
public sealed class StorageCollection : ICollectionFixture<StorageGround>;

public sealed record Machine(LogTable Log, BlobStore Blobs, VaultStore Store)
{
    /// <summary>Appends in a step, as the flows do.</summary>
    public Task Append(string vault, params NewEntry[] news) => Store.Run(vault, work => work.Append(default, news), default);

    public async Task<List<LogEntry>> ReadAll(string vault)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in Log.Read(vault, 0, LogEntry.Genesis, default))
            entries.Add(entry);
        return entries;
    }
}
