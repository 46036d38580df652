using System.Globalization;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Owners;

/// <summary>What owners and backers signed, as it was signed (table <c>signed</c>, a partition a vault). A row is written once and never changed or deleted.</summary>
public sealed class SignedDocuments(StorageClients storage)
{
    public const string TableName = "signed";

    /// <summary>Characters of a document; the rest of a row is small.</summary>
    public const int TextMost = 24_000;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Two kinds of key: <c>terms|ID</c>, and with a number that grows, so that the last is found last.</summary>
    public static string Numbered(string kind, uint number) => string.Create(CultureInfo.InvariantCulture, $"{kind}|{number:D10}");

    /// <returns>False: there is a document with this key already.</returns>
    public async Task<bool> Add(string vault, string key, SignedDocument document, CancellationToken stop)
    {
        var row = new TableEntity(VaultPartition.Of(vault), key)
        {
            ["Text"] = document.Text, ["Digest"] = document.Digest, ["Signer"] = document.Signer, ["Signature"] = document.Signature, ["At"] = document.At,
        };
        EntityLimits.Check(row);
        try
        {
            await table.AddEntityAsync(row, stop);
            return true;
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return false;
        }
    }

    public async Task<SignedDocument?> Find(string vault, string key, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), key, cancellationToken: stop);
        return row.HasValue ? Of(row.Value!) : null;
    }

    /// <summary>All of a kind, in the order of their numbers.</summary>
    public async IAsyncEnumerable<SignedDocument> All(string vault, string kind, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)} and RowKey ge {kind + "|"} and RowKey lt {kind + "}"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            yield return Of(row);
    }

    static SignedDocument Of(TableEntity row) => new(
        row.RowKey[(row.RowKey.LastIndexOf('|') + 1)..], row.GetString("Text"), row.GetString("Digest"), row.GetString("Signer"), row.GetString("Signature"), row.GetDateTimeOffset("At")!.Value);
}

/// <summary>What somebody signed.</summary>
/// <param name="Name">What tells it apart from others of its kind: the terms' id, or a number with leading zeros.</param>
/// <param name="Digest">What was signed (EIP-712), 64 lower-case hex digits.</param>
/// <param name="Signer">0x and 40 lower-case hex digits.</param>
/// <param name="At">When it was taken (UTC).</param>
public sealed record SignedDocument(string Name, string Text, string Digest, string Signer, string Signature, DateTimeOffset At);
