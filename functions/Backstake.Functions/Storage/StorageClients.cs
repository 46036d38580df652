using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Backstake.Functions.Hosting;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Storage;

/// <summary>
/// The one place where storage clients are made, from the same setting that the Functions host uses: <c>AzureWebJobsStorage</c>
/// (a connection string), or <c>AzureWebJobsStorage:accountName</c> with an identity (AZURE.md finding 5).
/// </summary>
public sealed class StorageClients
{
    public TableServiceClient Tables { get; }
    public BlobServiceClient Blobs { get; }
    public QueueServiceClient Queues { get; }

    /// <summary>Messages as they lie there, whether they are Base64 or not.</summary>
    public QueueServiceClient RawQueues { get; }

    /// <exception cref="InvalidOperationException">Neither form of the setting is there.</exception>
    public StorageClients(IConfiguration configuration, Transports transports)
    {
        var (tables, blobs) = (new TableClientOptions(), new BlobClientOptions());
        // Warning: the queue client's default is no encoding, the Functions host's is Base64; a plain message would be poisoned at once.
        var queues = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        var raw = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        foreach (ClientOptions options in new ClientOptions[] { tables, blobs, queues, raw })
            transports.Storage?.Invoke(options);
        if (configuration["AzureWebJobsStorage"] is { Length: > 0 } connection)
        {
            Tables = new TableServiceClient(connection, tables);
            Blobs = new BlobServiceClient(connection, blobs);
            Queues = new QueueServiceClient(connection, queues);
            RawQueues = new QueueServiceClient(connection, raw);
            return;
        }

        var account = configuration["AzureWebJobsStorage:accountName"]
            ?? throw new InvalidOperationException("Set AzureWebJobsStorage (a connection string) or AzureWebJobsStorage__accountName (with an identity).");
        var identity = AppIdentity.Of(configuration);
        Tables = new TableServiceClient(Address(account, "table"), identity, tables);
        Blobs = new BlobServiceClient(Address(account, "blob"), identity, blobs);
        Queues = new QueueServiceClient(Address(account, "queue"), identity, queues);
        RawQueues = new QueueServiceClient(Address(account, "queue"), identity, raw);
    }

    static Uri Address(string account, string service) => new($"https://{account}.{service}.core.windows.net");
}
