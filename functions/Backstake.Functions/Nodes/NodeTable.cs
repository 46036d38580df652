using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Nodes;

/// <summary>The vaults' nodes and their last calls (table <c>nodes</c>, a partition a vault, newest call first). No secret is in it.</summary>
public sealed class NodeTable(StorageClients storage)
{
    public const string TableName = "nodes";

    /// <summary>So many calls can be looked at.</summary>
    public const int CallsKept = 50;

    const string NodeRow = "node";
    const string CallRows = "call|";

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task<Node?> Find(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), NodeRow, cancellationToken: stop);
        return row.HasValue
            ? new(vault, row.Value!.GetString("Url"), row.Value.GetInt32("Secret")!.Value, row.Value.GetDateTimeOffset("RotatedAt")!.Value, row.Value.GetBoolean("Gone")!.Value)
            : null;
    }

    public Task Put(Node node, CancellationToken stop) => table.UpsertEntityAsync(new TableEntity(VaultPartition.Of(node.Vault), NodeRow)
    {
        ["Url"] = node.Url, ["Secret"] = node.Secret, ["RotatedAt"] = node.RotatedAt, ["Gone"] = node.Gone,
    }, TableUpdateMode.Replace, stop);

    public async Task Add(string vault, NodeCall call, CancellationToken stop)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"{CallRows}{DateTimeOffset.MaxValue.Ticks - call.At.Ticks:D19}|{Guid.NewGuid():N}");
        var entity = new TableEntity(VaultPartition.Of(vault), row) { ["At"] = call.At, ["Round"] = call.Round, ["Milliseconds"] = call.Milliseconds, ["Outcome"] = call.Outcome, ["Detail"] = Step.Detail(call.Detail) };
        if (call.Status is { } status)
            entity["Status"] = status;
        await table.UpsertEntityAsync(entity, TableUpdateMode.Replace, stop);
        foreach (var old in (await Rows(vault, stop)).Skip(CallsKept))
            await table.DeleteEntityAsync(old.PartitionKey, old.RowKey, ETag.All, stop);
    }

    /// <summary>The last calls, newest first.</summary>
    public async Task<IReadOnlyList<NodeCall>> Calls(string vault, CancellationToken stop) => [.. (await Rows(vault, stop)).Take(CallsKept).Select(row => new NodeCall(
        row.GetDateTimeOffset("At")!.Value, row.GetInt32("Round")!.Value, row.GetInt32("Milliseconds")!.Value, row.GetInt32("Status"), row.GetString("Outcome"), row.GetString("Detail")))];

    async Task<List<TableEntity>> Rows(string vault, CancellationToken stop)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)} and RowKey ge {CallRows} and RowKey lt {"call}"}"), cancellationToken: stop))
            rows.Add(row);
        return rows;
    }
}
