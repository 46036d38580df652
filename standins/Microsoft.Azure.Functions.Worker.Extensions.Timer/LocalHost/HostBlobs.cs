using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// What a timer keeps in the container azure-webjobs-hosts, where the real host keeps it:
/// <c>locks/HOSTID/Host.Functions.NAME.Listener</c> (a lease: one host runs it) and <c>timers/HOSTID/Host.Functions.NAME/status</c> (JSON).
/// </summary>
sealed class HostBlobs
{
    const string ContainerName = "azure-webjobs-hosts";

    readonly BlobContainerClient container;
    readonly BlobClient status;
    readonly BlobClient lockBlob;

    public HostBlobs(HostStorage storage, FunctionEntry function)
    {
        var service = storage.Account(connection: null, function.Name).Client("blob", connection => new BlobServiceClient(connection), (uri, credential) => new BlobServiceClient(uri, credential));
        container = service.GetBlobContainerClient(ContainerName);
        status = container.GetBlobClient($"timers/{storage.HostId}/{function.FullName}/status");
        lockBlob = container.GetBlobClient($"locks/{storage.HostId}/{function.FullName}.Listener");
    }

    /// <summary>Null when there is none yet.</summary>
    public async Task<ScheduleStatus?> ReadStatus(CancellationToken stop)
    {
        try
        {
            return (await status.DownloadContentAsync(stop)).Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public async Task WriteStatus(ScheduleStatus value) =>
        await OnceContainerExists(() => status.UploadAsync(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value)), overwrite: true, CancellationToken.None));

    /// <summary>The lease, or null when another host holds it.</summary>
    public async Task<BlobLeaseClient?> Acquire(TimeSpan period, CancellationToken stop)
    {
        var lease = lockBlob.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(period, cancellationToken: stop);
            return lease;
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await OnceContainerExists(MakeLockBlob);
            return await Acquire(period, stop);
        }
    }

    async Task MakeLockBlob()
    {
        try
        {
            await lockBlob.UploadAsync(BinaryData.FromString(""), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } });
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || exception.Status == 412)
        {
            // another host made it, and may hold its lease already
        }
    }

    async Task OnceContainerExists(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync();
            await call();
        }
    }
}
