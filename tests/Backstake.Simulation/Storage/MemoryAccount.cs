using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>
/// A storage account in memory: tables, blobs and queues as their REST documentation describes them, as far as the app uses them, with Azure's own limits
/// (which Azurite lacks: LIMITS.md, facts 2 and 3). Every request takes effect at once or not at all.
/// </summary>
public sealed class MemoryAccount(Func<DateTimeOffset> now)
{
    public const string ConnectionString =
        "AccountName=sim;AccountKey=c2ltdWxhdG9yIHNpbXVsYXRvciBzaW11bGF0b3Igc2ltdWxhdG9yIQ==;"
        + "BlobEndpoint=http://127.0.0.1:10000/sim;QueueEndpoint=http://127.0.0.1:10001/sim;TableEndpoint=http://127.0.0.1:10002/sim"; // no port is opened

    public MemoryTables Tables { get; } = new(now);

    public MemoryBlobs Blobs { get; } = new(now);

    public MemoryQueues Queues { get; } = new(now);

    public static Service ServiceOf(StorageRequest request) => request.Uri.Port switch { 10000 => Service.Blobs, 10001 => Service.Queues, _ => Service.Tables };

    public Answer Answer(StorageRequest request) => ServiceOf(request) switch
    {
        Service.Blobs => Blobs.Answer(request),
        Service.Queues => Queues.Answer(request),
        _ => Tables.Answer(request),
    };
}

/// <summary>A refusal of a storage service.</summary>
public sealed class StorageRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
