using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Backstake.Functions.Storage;

/// <summary>Documents that are named by their SHA-256, one folder per vault, written once and never changed. Reading checks the digest.</summary>
public sealed class BlobStore(StorageClients storage)
{
    /// <summary>Stored books, the record beside them, proposals.</summary>
    public const string Settlements = "settlements";

    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public async Task Prepare(CancellationToken stop) =>
        await storage.Blobs.GetBlobContainerClient(Settlements).CreateIfNotExistsAsync(cancellationToken: stop);

    /// <summary>Stores the content under its digest and returns the digest.</summary>
    public async Task<string> Put(string vault, byte[] content, CancellationToken stop)
    {
        var digest = DigestOf(content);
        try
        {
            await Blob(vault, digest).UploadAsync(
                BinaryData.FromBytes(content), new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, stop);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // The same digest is the same content.
        }

        return digest;
    }

    /// <exception cref="LogDamagedException">The stored content isn't what its name says.</exception>
    public async Task<byte[]> Get(string vault, string digest, CancellationToken stop)
    {
        byte[] content;
        try
        {
            content = (await Blob(vault, digest).DownloadContentAsync(stop)).Value.Content.ToArray();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw new LogDamagedException($"Vault {vault}: the document {digest} is missing.");
        }

        return DigestOf(content) == digest
            ? content
            : throw new LogDamagedException($"Vault {vault}: the document {digest} was changed after it was stored.");
    }

    /// <summary>Writes the content over whatever lies under its digest: the repair of a document that can be made again from the log.</summary>
    public async Task<string> Repair(string vault, byte[] content, CancellationToken stop)
    {
        var digest = DigestOf(content);
        await Blob(vault, digest).UploadAsync(BinaryData.FromBytes(content), overwrite: true, stop);
        return digest;
    }

    BlobClient Blob(string vault, string digest) => storage.Blobs.GetBlobContainerClient(Settlements).GetBlobClient($"{vault}/{digest}.json");
}
