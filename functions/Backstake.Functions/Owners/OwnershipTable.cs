using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Owners;

/// <summary>
/// Whose the vaults' models are (table <c>ownership</c>): one row a vault for which somebody brought a proof, all in one partition, so that one query finds what is to be looked at again.
/// What operators ordered about it is with all their orders.
/// </summary>
public sealed class OwnershipTable(StorageClients storage)
{
    public const string TableName = "ownership";
    const string Vaults = "vaults";
    const int TriesMost = 5; // as many machines look at one vault at once

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task<Ownership> Find(string vault, CancellationToken stop) => (await Read(vault, stop)).Ownership;

    /// <summary>Of the vaults for which somebody brought a proof.</summary>
    public async IAsyncEnumerable<(string Vault, Ownership Ownership)> All([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Vaults}"), cancellationToken: stop))
            yield return (row.RowKey, Of(row));
    }

    /// <summary>Changes it as it is now, whoever else changes it meanwhile.</summary>
    /// <returns>What it is from here on.</returns>
    public async Task<Ownership> Change(string vault, Func<Ownership, Ownership> change, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var (before, tag) = await Read(vault, stop);
            var after = change(before);
            if (after == before)
                return before;
            try
            {
                if (tag is { } there)
                    await table.UpdateEntityAsync(RowOf(vault, after), there, TableUpdateMode.Replace, stop);
                else
                    await table.AddEntityAsync(RowOf(vault, after), stop);
                return after;
            }
            catch (RequestFailedException overtaken) when (tries < TriesMost && (overtaken.Status == 412 || overtaken.ErrorCode == TableErrorCode.EntityAlreadyExists))
            {
                // Somebody else was first: what they wrote is changed.
            }
        }
    }

    async Task<(Ownership Ownership, ETag? Tag)> Read(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Vaults, vault, cancellationToken: stop);
        return row.HasValue ? (Of(row.Value!), row.Value!.ETag) : (Ownership.Nothing, null);
    }

    static Ownership Of(TableEntity row) => new(
        Enum.Parse<OwnershipStatus>(row.GetString("Status")), row.GetString("Proof") is { } proof ? Enum.Parse<OwnershipProof>(proof) : null,
        row.GetDateTimeOffset("Since"), row.GetDateTimeOffset("CheckedAt"), row.GetString("Trouble"), row.GetDateTimeOffset("TriedAt"),
        row.GetString("AttestedBy") is { } by ? new(by, row.GetString("AttestedWhy"), row.GetDateTimeOffset("AttestedAt")!.Value) : null);

    static TableEntity RowOf(string vault, Ownership ownership)
    {
        var row = new TableEntity(Vaults, vault) { ["Status"] = ownership.Status.ToString() };
        void Put(string name, object? value)
        {
            if (value is not null)
                row[name] = value;
        }

        Put("Proof", ownership.Proof?.ToString());
        Put("Since", ownership.Since);
        Put("CheckedAt", ownership.CheckedAt);
        Put("Trouble", ownership.Trouble);
        Put("TriedAt", ownership.TriedAt);
        Put("AttestedBy", ownership.Attestation?.By);
        Put("AttestedWhy", ownership.Attestation?.Reason);
        Put("AttestedAt", ownership.Attestation?.At);
        return row;
    }
}
