using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Submissions;

/// <summary>A stored prediction file.</summary>
/// <param name="Name">The blob's name; of two files of one round the later one's is the greater.</param>
/// <param name="Hash">SHA-256 of the file, 64 lower-case hex digits, as the name says it; null: it doesn't.</param>
public sealed record StoredPredictions(string Name, string? Hash);

/// <summary>
/// The delegates' prediction files: private container <c>predictions</c>, one blob per upload, named <c>{vault}/{tournament}/{round}/{UTC of the upload}-{SHA-256}.csv</c>.
/// Every version is kept; the last one counts. The tournament and the round are part of the name, so that no round gets another's file; what came too late
/// lies apart, under <c>late/</c>, where no submission looks. Nothing of a file's own name is kept.
/// </summary>
public sealed class PredictionStore(StorageClients storage)
{
    /// <summary>So many versions of a round are kept in time, and as many late ones: then its quota is used up.</summary>
    public const int VersionsMost = 50;

    const string Container = "predictions";
    const string TimeForm = "yyyyMMdd'T'HHmmssfff'Z'";
    const int HashLength = 64;

    public static string FolderOf(string vault, int tournament, int round) => string.Create(CultureInfo.InvariantCulture, $"{vault}/{tournament}/{round}/");

    public static string LateFolderOf(string vault, int tournament, int round) => "late/" + FolderOf(vault, tournament, round);

    /// <summary>The round's files, the last one last.</summary>
    public async Task<IReadOnlyList<StoredPredictions>> In(string folder, CancellationToken stop)
    {
        var names = new List<string>();
        try
        {
            await foreach (var blob in Files.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, stop))
                names.Add(blob.Name);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return [];
        }

        return [.. names.Order(StringComparer.Ordinal).Select(name => new StoredPredictions(name, HashIn(name)))];
    }

    /// <summary>The last file that was stored for the round in time, or null.</summary>
    public async Task<StoredPredictions?> Latest(string vault, int tournament, int round, CancellationToken stop) =>
        (await In(FolderOf(vault, tournament, round), stop)).LastOrDefault();

    /// <summary>The file with this hash, or null. Names needn't say the hash: then the files are read.</summary>
    public async Task<byte[]?> Find(string folder, string hash, CancellationToken stop)
    {
        foreach (var stored in (await In(folder, stop)).Reverse())
        {
            if (stored.Hash is { } named && named != hash)
                continue;
            var file = await Read(stored, stop);
            if (Convert.ToHexStringLower(SHA256.HashData(file)) == hash)
                return file;
        }

        return null;
    }

    public async Task<byte[]> Read(StoredPredictions stored, CancellationToken stop) =>
        (await Files.GetBlobClient(stored.Name).DownloadContentAsync(stop)).Value.Content.ToArray();

    /// <summary>Stores a file under its time and its hash. The same once more is the same.</summary>
    public async Task Add(string folder, DateTimeOffset at, string hash, byte[] file, CancellationToken stop)
    {
        var blob = Files.GetBlobClient($"{folder}{at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}-{hash}.csv");
        var once = new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } };
        try
        {
            await blob.UploadAsync(BinaryData.FromBytes(file), once, stop);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // The same name is the same file.
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await Files.CreateIfNotExistsAsync(cancellationToken: stop);
            await blob.UploadAsync(BinaryData.FromBytes(file), once, stop);
        }
    }

    BlobContainerClient Files => storage.Blobs.GetBlobContainerClient(Container);

    static string? HashIn(string name)
    {
        var stem = name.AsSpan()[(name.LastIndexOf('/') + 1)..];
        return stem.EndsWith(".csv") && stem.Length > HashLength + 5 && stem[^(HashLength + 5)] == '-' && !stem[^(HashLength + 4)..^4].ContainsAnyExcept("0123456789abcdef")
            ? stem[^(HashLength + 4)..^4].ToString()
            : null;
    }
}
