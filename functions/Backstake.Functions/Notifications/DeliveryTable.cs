using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Notifications;

/// <summary>A subscriber for whom something waits, taken by one worker.</summary>
/// <param name="Failures">How many calls in a row have failed.</param>
public sealed record DeliveryTurn(string Address, int Failures, ETag Row);

/// <summary>
/// Table <c>deliveries</c>: what is sent to each subscriber (a partition an address), and for whom something waits and when they are called next (partition <c>waiting</c>): who waits for nothing isn't
/// looked at.
/// </summary>
public sealed class DeliveryTable(StorageClients storage)
{
    public const string TableName = "deliveries";

    /// <summary>So many that are over can be looked at, besides all that wait.</summary>
    public const int OverKept = 50;

    const string Waiting = "waiting";
    const string Rows = "d|";

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Stores it unless it is there. Then the address waits: its row changes in any case, so whoever just found nothing more looks again.</summary>
    public async Task Add(string address, Delivery delivery, CancellationToken stop)
    {
        try
        {
            var row = RowOf(address, delivery);
            EntityLimits.Check(row);
            await table.AddEntityAsync(row, stop);
        }
        catch (RequestFailedException there) when (there.Status == 409)
        {
            // Stored before the cursor could be moved.
        }

        await table.UpsertEntityAsync(new TableEntity(Waiting, address) { ["Stored"] = delivery.Stored }, TableUpdateMode.Merge, stop);
    }

    public Task Put(string address, Delivery delivery, CancellationToken stop) => table.UpsertEntityAsync(RowOf(address, delivery), TableUpdateMode.Replace, stop);

    /// <param name="id">As somebody wrote it.</param>
    public async Task<Delivery?> Find(string address, string id, CancellationToken stop)
    {
        if (id.Split('/') is not [var vault, var sequence, var kind] || !VaultPartition.IsId(vault) || sequence.Length is 0 or > 12 || !sequence.All(char.IsAsciiDigit) || !NotificationKind.IsKnown(kind))
            return null;
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(address), KeyOf(id), cancellationToken: stop);
        return row.HasValue ? Of(row.Value!) : null;
    }

    /// <summary>All that wait and the last that are over, newest first.</summary>
    public async Task<IReadOnlyList<Delivery>> All(string address, CancellationToken stop)
    {
        var all = new List<Delivery>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(address)} and RowKey ge {Rows} and RowKey lt {"d}"}"), cancellationToken: stop))
            all.Add(Of(row));
        return [.. all.OrderByDescending(delivery => delivery.At).ThenByDescending(delivery => delivery.Id, StringComparer.Ordinal)];
    }

    /// <summary>Forgets what is over but the newest.</summary>
    public async Task Prune(string address, CancellationToken stop)
    {
        foreach (var old in (await All(address, stop)).Where(delivery => delivery.State != DeliveryState.Waiting).Skip(OverKept))
            await table.DeleteEntityAsync(VaultPartition.Of(address), KeyOf(old.Id), ETag.All, stop);
    }

    /// <summary>Takes the address's turn: nobody else gets it until it is ended, or <paramref name="until"/>. Null: nothing waits, it isn't due, or somebody else has it.</summary>
    public async Task<DeliveryTurn?> Take(string address, DateTimeOffset now, DateTimeOffset until, CancellationToken stop)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Waiting, address, cancellationToken: stop);
        if (!found.HasValue || Next(found.Value!) > now)
            return null;
        var failures = found.Value!.GetInt32("Failures") ?? 0;
        try
        {
            return new(address, failures, await Write(address, failures, until, found.Value.ETag, stop));
        }
        catch (RequestFailedException moved) when (moved.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>Nothing waits any more. False: something was stored meanwhile, and the turn goes on.</summary>
    public async Task<bool> End(DeliveryTurn turn, CancellationToken stop)
    {
        try
        {
            await table.DeleteEntityAsync(Waiting, turn.Address, turn.Row, stop);
            return true;
        }
        catch (RequestFailedException stored) when (stored.Status == 412)
        {
            return false;
        }
    }

    /// <summary>The row as it is now: what is stored from here on is seen by <see cref="End"/>.</summary>
    public async Task<DeliveryTurn> Again(DeliveryTurn turn, DateTimeOffset until, CancellationToken stop) => turn with { Row = await Write(turn.Address, turn.Failures, until, ETag.All, stop) };

    public Task Postpone(DeliveryTurn turn, DateTimeOffset next, CancellationToken stop) => Write(turn.Address, turn.Failures, next, ETag.All, stop);

    /// <summary>The addresses that are due, and since when.</summary>
    public async IAsyncEnumerable<(string Address, DateTimeOffset Since)> Due(DateTimeOffset now, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Waiting}"), cancellationToken: stop))
        {
            if (Next(row) <= now)
                yield return (row.RowKey, row.GetDateTimeOffset("NextAt") ?? row.GetDateTimeOffset("Stored")!.Value);
        }
    }

    /// <summary>How long whoever is due longest has been waiting for a call.</summary>
    public async Task<TimeSpan> Late(DateTimeOffset now, CancellationToken stop)
    {
        var late = TimeSpan.Zero;
        await foreach (var (_, since) in Due(now, stop))
            late = now - since > late ? now - since : late;
        return late;
    }

    async Task<ETag> Write(string address, int failures, DateTimeOffset next, ETag seen, CancellationToken stop) =>
        (await table.UpdateEntityAsync(new TableEntity(Waiting, address) { ["Failures"] = failures, ["NextAt"] = next }, seen, TableUpdateMode.Merge, stop)).Headers.ETag!.Value;

    static DateTimeOffset Next(TableEntity row) => row.GetDateTimeOffset("NextAt") ?? DateTimeOffset.MinValue;

    static string KeyOf(string id) => Rows + id.Replace('/', '|');

    static TableEntity RowOf(string address, Delivery delivery)
    {
        var row = new TableEntity(VaultPartition.Of(address), KeyOf(delivery.Id))
        {
            ["Type"] = delivery.Type, ["At"] = delivery.At, ["Body"] = delivery.Body, ["Stored"] = delivery.Stored, ["State"] = delivery.State.ToString(), ["Attempts"] = delivery.Attempts,
        };
        foreach (var (name, value) in new (string, object?)[] { ("Tried", delivery.Tried), ("Status", delivery.Status), ("Outcome", delivery.Outcome), ("Detail", delivery.Detail) })
        {
            if (value is not null)
                row[name] = value;
        }

        return row;
    }

    static Delivery Of(TableEntity row) => new(
        row.RowKey[Rows.Length..].Replace('|', '/'), row.GetString("Type"), row.GetDateTimeOffset("At")!.Value, row.GetString("Body"), row.GetDateTimeOffset("Stored")!.Value,
        Enum.Parse<DeliveryState>(row.GetString("State")), row.GetInt32("Attempts")!.Value, row.GetDateTimeOffset("Tried"), row.GetInt32("Status"), row.GetString("Outcome"), row.GetString("Detail"));
}
