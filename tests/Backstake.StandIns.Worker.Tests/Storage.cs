using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Backstake.Servers;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>One Azurite for all tests of the host; apps keep apart by the names of their queues and their host ids.</summary>
public sealed class Storage : IAsyncLifetime
{
    Azurite? azurite;

    public string ConnectionString => azurite!.ConnectionString;

    public BlobContainerClient HostBlobs => new(ConnectionString, "azure-webjobs-hosts");

    /// <summary>A client that encodes nothing.</summary>
    public QueueClient Queue(string name) => new(ConnectionString, name);

    public QueueClient Base64Queue(string name) => new(ConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Sends each text in Base64, as the host expects it; makes the queue if need be.</summary>
    public async Task Send(string queue, params string[] texts)
    {
        var client = Base64Queue(queue);
        await client.CreateIfNotExistsAsync();
        foreach (var text in texts)
            await client.SendMessageAsync(text);
    }

    /// <summary>The texts in a queue as they lie there, seen or not; none when there is no queue.</summary>
    public async Task<string[]> Texts(string queue)
    {
        try
        {
            return [.. (await Queue(queue).PeekMessagesAsync(32)).Value.Select(message => message.MessageText)];
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return [];
        }
    }

    /// <summary>Messages in the queue, those that are not visible included.</summary>
    public async Task<int> Count(string queue) => (await Queue(queue).GetPropertiesAsync()).Value.ApproximateMessagesCount;

    public async Task InitializeAsync() => azurite = await Azurite.StartAsync();

    public async Task DisposeAsync() => await azurite!.DisposeAsync();
}
