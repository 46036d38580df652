using Azure;
using Azure.Data.Tables.Models;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues.Models;

namespace Backstake.Functions.Storage;

/// <summary>A table, queue or container that was made isn't there: storage was lost, or an older copy of it restored, under the running app (FAULTS.md K-7).</summary>
public static class StorageGone
{
    static readonly string[] Codes = [TableErrorCode.TableNotFound.ToString(), QueueErrorCode.QueueNotFound.ToString(), BlobErrorCode.ContainerNotFound.ToString()];

    public static bool IsTheReason(Exception? failure) => failure switch
    {
        null => false,
        RequestFailedException refused => Codes.Contains(refused.ErrorCode),
        AggregateException several => several.InnerExceptions.Any(IsTheReason),
        _ => IsTheReason(failure.InnerException),
    };
}
