using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Notifications;

/// <summary>Who is told of a vault.</summary>
/// <param name="After">From which place of the log on: the entries after it are told.</param>
public sealed record Follower(string Address, long After);

/// <summary>How far a vault's log has been told.</summary>
/// <param name="IsFollowed">False: nobody is told of it, so only what names somebody needs to be looked at.</param>
public sealed record Told(long Sequence, bool IsFollowed);

/// <summary>How far a vault's log has been told, and to whom it is.</summary>
/// <param name="Row">Of the cursor's row; <c>default</c>: there is none yet.</param>
public sealed record VaultCursor(long Sequence, ETag Row, IReadOnlyList<Follower> Followers);

/// <summary>
/// Table <c>notifications</c>. In an address's partition: where its notifications go, and in which vaults it ever had something to do. In a vault's: how far its log was told, and the addresses of both
/// that set a receiver. So whoever has nothing to do with a vault isn't looked at for it. No secret is in it.
/// </summary>
public sealed class SubscriberTable(StorageClients storage)
{
    public const string TableName = "notifications";

    const string SubscriberRow = "subscriber";
    const string CursorRow = "cursor";
    const string VaultRows = "vault|";
    const string FollowerRows = "follower|";
    const string Followed = "Followed"; // of a cursor; one of a version that didn't say it may be

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task<Subscriber?> Find(string address, CancellationToken stop)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(address), SubscriberRow, cancellationToken: stop);
        if (!found.HasValue)
            return null;
        var row = found.Value!;
        return new(address, row.GetString("Url"), row.GetString("Kinds")?.Split(' '), row.GetInt32("Secret")!.Value, row.GetDateTimeOffset("RotatedAt")!.Value, row.GetDateTimeOffset("Since")!.Value, row.GetBoolean("Gone")!.Value);
    }

    public async Task Put(Subscriber subscriber, CancellationToken stop)
    {
        var row = new TableEntity(VaultPartition.Of(subscriber.Address), SubscriberRow)
        {
            ["Url"] = subscriber.Url, ["Secret"] = subscriber.Secret, ["RotatedAt"] = subscriber.RotatedAt, ["Since"] = subscriber.Since, ["Gone"] = subscriber.Gone,
        };
        if (subscriber.Kinds is { } kinds)
            row["Kinds"] = string.Join(' ', kinds);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, stop);
    }

    /// <summary>Says of the receiver that was called whether it is gone; of one that was set meanwhile nothing.</summary>
    public async Task SetGone(Subscriber called, bool isGone, CancellationToken stop)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(called.Address), SubscriberRow, cancellationToken: stop);
        if (!found.HasValue || found.Value!.GetString("Url") != called.Url)
            return;
        try
        {
            await table.UpdateEntityAsync(new TableEntity(VaultPartition.Of(called.Address), SubscriberRow) { ["Gone"] = isGone }, found.Value.ETag, TableUpdateMode.Merge, stop);
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            // Set anew at this moment: the next call will say.
        }
    }

    /// <summary>The address has something to do with the vault from now on. Written before <see cref="Find"/> is asked: so whoever sets a receiver at the same time sees the vault, or is seen.</summary>
    public Task Name(string address, string vault, CancellationToken stop) =>
        table.UpsertEntityAsync(new TableEntity(VaultPartition.Of(address), VaultRows + vault), TableUpdateMode.Replace, stop);

    /// <summary>The vaults in which the address ever had something to do, as far as their logs were told.</summary>
    public async IAsyncEnumerable<string> VaultsOf(string address, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in Rows(address, VaultRows, stop))
            yield return row.RowKey[VaultRows.Length..];
    }

    /// <summary>Who follows already goes on from where they are.</summary>
    public async Task Follow(string vault, Follower follower, CancellationToken stop)
    {
        try
        {
            await table.AddEntityAsync(new TableEntity(VaultPartition.Of(vault), FollowerRows + follower.Address) { ["After"] = follower.After }, stop);
        }
        catch (RequestFailedException there) when (there.Status == 409)
        {
            // As it should be.
        }
    }

    public Task Unfollow(string vault, string address, CancellationToken stop) => table.DeleteEntityAsync(VaultPartition.Of(vault), FollowerRows + address, ETag.All, stop);

    /// <summary>After somebody began to follow a vault: its cursor says so, and whoever is moving it looks again who follows.</summary>
    public Task SetFollowed(string vault, CancellationToken stop) =>
        table.UpsertEntityAsync(new TableEntity(VaultPartition.Of(vault), CursorRow) { [Followed] = true }, TableUpdateMode.Merge, stop);

    /// <summary>How far the vault's log has been told.</summary>
    public async Task<Told> Told(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), CursorRow, cancellationToken: stop);
        return row.HasValue ? new(SequenceOf(row.Value!), row.Value!.GetBoolean(Followed) is not false) : new(0, IsFollowed: false);
    }

    public async Task<VaultCursor> Cursor(string vault, CancellationToken stop)
    {
        var (cursor, followers) = (new VaultCursor(0, default, []), new List<Follower>());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)} and RowKey ge {CursorRow} and RowKey lt {"g"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: stop))
        {
            if (row.RowKey == CursorRow)
                cursor = new(SequenceOf(row), row.ETag, []);
            else
                followers.Add(new(row.RowKey[FollowerRows.Length..], row.GetInt64("After")!.Value));
        }

        return cursor with { Followers = followers };
    }

    /// <param name="isFollowed">Whether anybody follows the vault, those among them who began with what was told.</param>
    /// <returns>Null: another worker has moved it meanwhile, or somebody has begun to follow.</returns>
    public async Task<VaultCursor?> Move(string vault, VaultCursor cursor, long to, bool isFollowed, CancellationToken stop)
    {
        var row = new TableEntity(VaultPartition.Of(vault), CursorRow) { ["Sequence"] = to, [Followed] = isFollowed };
        try
        {
            var answer = cursor.Row == default ? await table.AddEntityAsync(row, stop) : await table.UpdateEntityAsync(row, cursor.Row, TableUpdateMode.Replace, stop);
            return cursor with { Sequence = to, Row = answer.Headers.ETag!.Value };
        }
        catch (RequestFailedException moved) when (moved.Status is 409 or 412)
        {
            return null;
        }
    }

    static long SequenceOf(TableEntity cursor) => cursor.GetInt64("Sequence") ?? 0;

    AsyncPageable<TableEntity> Rows(string of, string prefix, CancellationToken stop) => table.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(of)} and RowKey ge {prefix} and RowKey lt {prefix[..^1] + "}"}"), cancellationToken: stop);
}
