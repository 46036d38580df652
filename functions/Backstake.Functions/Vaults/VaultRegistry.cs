using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>A vault that the factory made.</summary>
/// <param name="Id">The contract's address, 0x and 40 lower-case hex digits.</param>
public sealed record RegisteredVault(string Id, int Tournament, string ModelId)
{
    /// <summary>The contract that was made with the vault's own and logs its notices; null in a row of a version that didn't keep it.</summary>
    public string? Notices { get; init; }

    public VaultModel Model => new(Id, ModelId);

    /// <summary>The contracts whose events are the vault's.</summary>
    public IEnumerable<string> Contracts => Notices is null ? [Id] : [Id, Notices];
}

/// <summary>How far all vaults' contracts were looked at.</summary>
/// <param name="Block">The last block that was.</param>
/// <param name="AllAt">When every vault was sent to be watched, whatever its contracts had logged (UTC).</param>
public sealed record FleetLook(long Block, DateTimeOffset AllAt);

/// <summary>Which vaults there are (table <c>vaults</c>), and up to which block the factory was read, and their contracts looked at. It can be lost: the factory is read again.</summary>
public sealed class VaultRegistry(StorageClients storage)
{
    public const string TableName = "vaults";
    const string Vaults = "vaults";
    const string Factory = "factory";
    const string Look = "look";
    const int PageSize = 500; // 500 queue messages fit in one timer run of 10 minutes at 50/s

    readonly TableClient table = storage.Tables.GetTableClient(TableName);
    readonly ConcurrentDictionary<string, RegisteredVault> known = new(StringComparer.Ordinal); // a vault stays one

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public IAsyncEnumerable<RegisteredVault> All(CancellationToken stop) => After("", stop);

    /// <summary>Those whose id is greater, in the order of their ids.</summary>
    public async IAsyncEnumerable<RegisteredVault> After(string vault, [EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Vaults} and RowKey gt {vault}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, PageSize, cancellationToken: stop))
            yield return known[row.RowKey] = Of(row);
    }

    public async Task<RegisteredVault?> Find(string vault, CancellationToken stop) => known.TryGetValue(vault, out var found) ? found : await Read(vault, stop);

    /// <summary>As it is stored now, whatever this process knows.</summary>
    public async Task<RegisteredVault?> Read(string vault, CancellationToken stop)
    {
        if (!VaultPartition.IsId(vault))
            return null; // no row could have this key, and the service would only refuse it
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Vaults, vault, cancellationToken: stop);
        return row.HasValue ? known[vault] = Of(row.Value!) : null;
    }

    public Task Add(RegisteredVault vault, CancellationToken stop) => table.UpsertEntityAsync(
        new TableEntity(Vaults, vault.Id) { ["Tournament"] = vault.Tournament, ["ModelId"] = vault.ModelId, ["Notices"] = vault.Notices }, TableUpdateMode.Replace, stop);

    /// <summary>The last block whose factory events are in the registry.</summary>
    public async Task<long?> ReadUpTo(CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Factory, Factory, cancellationToken: stop);
        return row.HasValue ? row.Value!.GetInt64("Block") : null;
    }

    public Task SetReadUpTo(long block, CancellationToken stop) => table.UpsertEntityAsync(
        new TableEntity(Factory, Factory) { ["Block"] = block }, TableUpdateMode.Replace, stop);

    /// <summary>Null: never.</summary>
    public async Task<FleetLook?> LookedUpTo(CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Factory, Look, cancellationToken: stop);
        return row.HasValue ? new(row.Value!.GetInt64("Block")!.Value, row.Value.GetDateTimeOffset("AllAt")!.Value) : null;
    }

    public Task SetLookedUpTo(FleetLook look, CancellationToken stop) => table.UpsertEntityAsync(
        new TableEntity(Factory, Look) { ["Block"] = look.Block, ["AllAt"] = look.AllAt }, TableUpdateMode.Replace, stop);

    static RegisteredVault Of(TableEntity row) => new(row.RowKey, row.GetInt32("Tournament")!.Value, row.GetString("ModelId")) { Notices = row.GetString("Notices") };
}
