using Azure.Core;
using Backstake.Functions.Hosting;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backstake.Benchmarks.Scale;

/// <summary>The app's storage code on an account, as one worker of many: what it remembers of the vaults is its own. Its clients are those of the app, with the app's settings.</summary>
internal sealed class Worker
{
    public Worker(string connection)
    {
        Clients = new StorageClients(
            new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", connection)]).Build(),
            new Transports(options => options.AddPolicy(Requests, HttpPipelinePosition.PerRetry), null, null));
        (Log, Blobs, Queues) = (new LogTable(Clients), new BlobStore(Clients), new VaultQueues(Clients));
        Store = new VaultStore(Log, Blobs, TimeProvider.System, NullLogger<VaultStore>.Instance);
    }

    public StorageClients Clients { get; }

    public LogTable Log { get; }

    public BlobStore Blobs { get; }

    public VaultQueues Queues { get; }

    public VaultStore Store { get; }

    /// <summary>What it asked of storage.</summary>
    public RequestCount Requests { get; } = new();

    public async Task Prepare()
    {
        await Log.Prepare(default);
        await Blobs.Prepare(default);
        await Queues.Prepare(default);
    }

    public Task Append(string vault, params NewEntry[] news) => Store.Run(vault, work => work.Append(default, news), default);

    public Task Settle(string vault, params NewEntry[] before) => Store.Run(vault, async work =>
    {
        await work.Append(default, before);
        await new VaultSettlement(Blobs).Settle(work, default);
    }, default);
}
