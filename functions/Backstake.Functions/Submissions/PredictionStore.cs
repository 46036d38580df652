using Azure.Storage.Blobs.Models;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Submissions;

/// <summary>
/// The delegates' prediction files: container <c>predictions</c>, one blob per upload, named <c>{vault}/{tournament}/{round}/{UTC of the upload}.csv</c>.
/// Every version is kept; the last one counts. The tournament and the round are part of the name, so that no round gets another's file.
/// </summary>
public sealed class PredictionStore(StorageClients storage)
{
    const string Container = "predictions";

    public static string FolderOf(string vault, int tournament, int round) => $"{vault}/{tournament}/{round}/";

    /// <summary>The last file that was stored for the round, or null.</summary>
    public async Task<byte[]?> Latest(string vault, int tournament, int round, CancellationToken stop)
    {
        var container = storage.Blobs.GetBlobContainerClient(Container);
        string? latest = null;
        try
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, FolderOf(vault, tournament, round), stop))
            {
                if (latest is null || string.CompareOrdinal(blob.Name, latest) > 0)
                    latest = blob.Name;
            }
        }
        catch (Azure.RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return null;
        }

        return latest is null ? null : (await container.GetBlobClient(latest).DownloadContentAsync(stop)).Value.Content.ToArray();
    }
}
