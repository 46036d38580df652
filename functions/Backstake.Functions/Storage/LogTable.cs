using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Backstake.Functions.Storage;

/// <summary>What the head row of a vault's log says.</summary>
/// <param name="SettledSequence">The place of the last settlement, 0 before the first.</param>
public sealed record LogHead(long Sequence, byte[] Chain, long SettledSequence, ETag ETag)
{
    public static readonly LogHead None = new(0, LogEntry.Genesis, 0, default);

    /// <summary>What was found damaged: nothing is read from or appended to this log until an operator resumes it. Null: nothing.</summary>
    public string? Damage { get; init; }
}

/// <summary>How an append ended.</summary>
public enum Appended
{
    Done,

    /// <summary>The first event's natural key is there, with the same digest: it was appended before.</summary>
    Already,

    /// <summary>Somebody else appended meanwhile: read again and decide again.</summary>
    HeadMoved,
}

/// <summary>Up to which block the chain was read, and that block's hash, where it is known: another hash there later means that a final block was undone.</summary>
/// <param name="TakenBlock">Block of the last log on chain that the vault's log held then, and its place in it: of a log that holds another the cursor says nothing.</param>
public sealed record ChainCursor(long Block, string? Hash, long TakenBlock, int TakenLogIndex);

/// <summary>
/// The append-only log of every vault, in table <c>vaultlog</c>, one partition per vault. An append is one entity group transaction in this order:
/// natural key, event (for each event), then the head with its ETag given explicitly (DESIGN.md, "Appending"; AZURE.md findings 1 to 3).
/// </summary>
public sealed class LogTable(StorageClients storage)
{
    public const string TableName = "vaultlog";
    public const int EventsMost = 49; // an entity group transaction holds 100 entities: two an event, and the head
    const int PageSize = 1000;        // the service's own greatest page
    const int TriesMost = 10;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <exception cref="LogDamagedException">The head is gone though the log has rows, or it can't be read.</exception>
    public async Task<LogHead> Head(string vault, CancellationToken stop)
    {
        var partition = VaultPartition.Of(vault);
        if (await HeadRow(partition, stop) is { } head)
            return head;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {"e|"} and RowKey lt {"l"}");
        await foreach (var orphan in table.QueryAsync<TableEntity>(filter, 1, ["PartitionKey", "RowKey"], stop))
        {
            // The first event may have been appended between the two questions.
            return await HeadRow(partition, stop)
                ?? throw new LogDamagedException($"Row {partition}/{VaultPartition.Head} is missing, though there is {orphan.RowKey}.");
        }

        return LogHead.None;
    }

    async Task<LogHead?> HeadRow(string partition, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(partition, VaultPartition.Head, cancellationToken: stop);
        return row.HasValue ? LogRows.HeadOf(row.Value!) : null;
    }

    /// <summary>The entries after the given place, in order; each must continue the chain of hashes.</summary>
    /// <exception cref="LogDamagedException">A row is missing, changed or unknown; the message names it.</exception>
    public async IAsyncEnumerable<LogEntry> Read(string vault, long after, byte[] chain, [EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {VaultPartition.Of(vault)} and RowKey gt {VaultPartition.EventRow(after)} and RowKey lt {"f"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, PageSize, cancellationToken: stop))
        {
            var entry = LogRows.EntryOf(row, after + 1, chain);
            (after, chain) = (entry.Sequence, entry.Chain);
            yield return entry;
        }
    }

    /// <summary>The entries from the given place on. The one before it is trusted for its chain value alone: what follows proves or disproves it.</summary>
    /// <exception cref="LogDamagedException">A row is missing, changed or unknown; the message names it.</exception>
    public async IAsyncEnumerable<LogEntry> ReadFrom(string vault, long first, [EnumeratorCancellation] CancellationToken stop)
    {
        var (partition, after, chain) = (VaultPartition.Of(vault), first - 1, first == 1 ? LogEntry.Genesis : null);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {VaultPartition.EventRow(after)} and RowKey lt {"f"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, PageSize, cancellationToken: stop))
        {
            if (chain is null)
            {
                chain = row.RowKey == VaultPartition.EventRow(after)
                    ? LogRows.ChainOf(row) : throw new LogDamagedException($"Row {partition}/{VaultPartition.EventRow(after)} is missing.");
                continue;
            }

            var entry = LogRows.EntryOf(row, after + 1, chain);
            (after, chain) = (entry.Sequence, entry.Chain);
            yield return entry;
        }
    }

    /// <summary>Every row of the vault's partition, in the order of their keys: cursor, events, head, natural keys.</summary>
    internal AsyncPageable<TableEntity> Rows(string vault, CancellationToken stop) =>
        table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)}"), PageSize, cancellationToken: stop);

    /// <summary>Appends the entries together or not at all. They must have been placed after <paramref name="head"/>.</summary>
    /// <exception cref="EventConflictException">A natural key is there with another digest.</exception>
    /// <exception cref="EntityTooLargeException">Azure would refuse a row; nothing was written.</exception>
    public async Task<(Appended Result, LogHead Head)> Append(
        string vault, LogHead head, IReadOnlyList<NewEntry> news, IReadOnlyList<LogEntry> entries, CancellationToken stop)
    {
        if (entries.Count > EventsMost)
            throw new ArgumentException($"At most {EventsMost} events fit in one append.", nameof(entries));
        var partition = VaultPartition.Of(vault);
        var batch = new PartitionBatch(table, partition);
        for (var i = 0; i < entries.Count; i++)
        {
            batch.Add(VaultPartition.KeyRow(news[i].Key), LogRows.Key(news[i], entries[i]));
            batch.Add(VaultPartition.EventRow(entries[i].Sequence), LogRows.Event(entries[i]));
        }

        var settled = entries.LastOrDefault(entry => entry.Event is VaultSettled)?.Sequence ?? head.SettledSequence;
        var next = head with { Sequence = entries[^1].Sequence, Chain = entries[^1].Chain, SettledSequence = settled };
        // Warning: a head without an explicit ETag would overwrite a newer one.
        batch.Put(VaultPartition.Head, LogRows.Head(next), head.ETag);
        try
        {
            var answers = await batch.Submit(stop);
            return (Appended.Done, next with { ETag = answers[^1].Headers.ETag!.Value });
        }
        catch (TableTransactionFailedException failed) when (failed.Status == 409)
        {
            // Also where our own first try was applied and only its answer was lost.
            var index = (failed.FailedTransactionActionIndex ?? 0) / 2;
            if (index >= news.Count)
                return (Appended.HeadMoved, head);
            return (await DigestOfKey(partition, news[index], stop)) switch
            {
                null => (Appended.HeadMoved, head),
                { } digest when digest == LogEntry.DigestOf(news[index]) => (Appended.Already, head),
                // Two workers may have decided differently on the same head: one won, the other decides again. A true conflict is still there then.
                _ when (await Head(vault, stop)).ETag != head.ETag => (Appended.HeadMoved, head),
                _ => throw new EventConflictException(vault, news[index].Key),
            };
        }
        catch (TableTransactionFailedException failed) when (failed.Status == 412)
        {
            return (Appended.HeadMoved, head);
        }
    }

    /// <summary>Whether the happening is in the log already.</summary>
    /// <exception cref="EventConflictException">Its natural key is there with another digest.</exception>
    public async Task<bool> Holds(string vault, NewEntry entry, CancellationToken stop) =>
        await DigestOfKey(VaultPartition.Of(vault), entry, stop) switch
        {
            null => false,
            { } digest when digest == LogEntry.DigestOf(entry) => true,
            _ => throw new EventConflictException(vault, entry.Key),
        };

    /// <summary>Whether all these happenings are in the log already, with just this content: what another worker decided otherwise isn't one of them.</summary>
    public async Task<bool> HoldsAll(string vault, IReadOnlyList<NewEntry> entries, CancellationToken stop)
    {
        foreach (var entry in entries)
        {
            if (await DigestOfKey(VaultPartition.Of(vault), entry, stop) != LogEntry.DigestOf(entry))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Writes what is damaged on the head, or takes it off (null). The head's ETag changes, so whoever still holds a good state of the log can't append to it any more.
    /// </summary>
    /// <returns>False if there is no head to write on.</returns>
    public async Task<bool> Mark(string vault, string? damage, CancellationToken stop)
    {
        var partition = VaultPartition.Of(vault);
        for (var tries = 1; ; tries++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(partition, VaultPartition.Head, cancellationToken: stop);
            if (!row.HasValue)
                return false;
            var properties = LogRows.Own(row.Value!);
            properties.Remove(LogRows.Damage);
            if (damage is not null)
                properties[LogRows.Damage] = damage;
            try
            {
                await new PartitionBatch(table, partition).Put(VaultPartition.Head, properties, row.Value!.ETag).Submit(stop);
                return true;
            }
            catch (TableTransactionFailedException moved) when (moved.Status == 412 && tries < TriesMost)
            {
                // Somebody appended meanwhile: again.
            }
        }
    }

    public async Task<ChainCursor?> Cursor(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), VaultPartition.Cursor, cancellationToken: stop);
        return row.HasValue && row.Value!.GetInt64("Block") is { } block
            ? new(block, row.Value.GetString("Hash"), row.Value.GetInt64("TakenBlock") ?? -1, row.Value.GetInt32("TakenLogIndex") ?? -1)
            : null;
    }

    public async Task SetCursor(string vault, ChainCursor cursor, CancellationToken stop)
    {
        var row = new TableEntity(VaultPartition.Of(vault), VaultPartition.Cursor)
        {
            ["Block"] = cursor.Block, ["TakenBlock"] = cursor.TakenBlock, ["TakenLogIndex"] = cursor.TakenLogIndex,
        };
        if (cursor.Hash is not null)
            row["Hash"] = cursor.Hash;
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, stop);
    }

    /// <summary>The chain is read again from the vault's first block; what is in the log already is passed over.</summary>
    public Task ForgetCursor(string vault, CancellationToken stop) => table.DeleteEntityAsync(VaultPartition.Of(vault), VaultPartition.Cursor, ETag.All, stop);

    async Task<string?> DigestOfKey(string partition, NewEntry entry, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(partition, VaultPartition.KeyRow(entry.Key), cancellationToken: stop);
        return row.HasValue ? row.Value!.GetString("Digest") : null;
    }
}

/// <summary>Two different happenings claim the same natural key: the vault halts and somebody is woken.</summary>
public sealed class EventConflictException(string vault, string key)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"eventConflict: vault {vault} already holds another event under the key {key}."));
