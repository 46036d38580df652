using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.Functions.Storage;

/// <summary>What the head row of a vault's log says.</summary>
/// <param name="SettledSequence">The place of the last settlement, 0 before the first.</param>
public sealed record LogHead(long Sequence, byte[] Chain, long SettledSequence, ETag ETag)
{
    public static readonly LogHead None = new(0, LogEntry.Genesis, 0, default);
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

/// <summary>
/// The append-only log of every vault, in table <c>vaultlog</c>, one partition per vault. An append is one entity group transaction in this order:
/// natural key, event (for each event), then the head with its ETag given explicitly (DESIGN.md, "Appending"; AZURE.md findings 1 to 3).
/// </summary>
public sealed class LogTable(StorageClients storage)
{
    public const string TableName = "vaultlog";
    public const int EventsMost = 49; // an entity group transaction holds 100 entities: two an event, and the head
    const int PageSize = 1000;        // the service's own greatest page

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task<LogHead> Head(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), VaultPartition.Head, cancellationToken: stop);
        return row.HasValue ? HeadOf(row.Value!) : LogHead.None;
    }

    /// <summary>The entries after the given place, in order; each must continue the chain of hashes.</summary>
    /// <exception cref="LogDamagedException">A row is missing, changed or unknown; the message names it.</exception>
    public async IAsyncEnumerable<LogEntry> Read(string vault, long after, byte[] chain, [EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {VaultPartition.Of(vault)} and RowKey gt {VaultPartition.EventRow(after)} and RowKey lt {"f"}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, PageSize, cancellationToken: stop))
        {
            if (row.RowKey != VaultPartition.EventRow(after + 1))
                throw new LogDamagedException($"Vault {vault}: row {VaultPartition.EventRow(after + 1)} is missing.");
            var entry = ReadRow(row, chain);
            if (entry.Sequence != after + 1)
                throw new LogDamagedException($"Row {row.PartitionKey}/{row.RowKey}: it holds event {entry.Sequence}.");
            after++;
            chain = entry.Chain;
            yield return entry;
        }
    }

    /// <summary>The chain value that a stored entry says it has; what follows proves or disproves it.</summary>
    public async Task<byte[]> ChainAt(string vault, long sequence, CancellationToken stop)
    {
        var row = await table.GetEntityAsync<TableEntity>(VaultPartition.Of(vault), VaultPartition.EventRow(sequence), cancellationToken: stop);
        return Convert.FromHexString(row.Value.GetString("Chain"));
    }

    /// <summary>Appends the entries together or not at all. They must have been placed after <paramref name="head"/>.</summary>
    /// <exception cref="EventConflictException">A natural key is there with another digest.</exception>
    public async Task<(Appended Result, LogHead Head)> Append(
        string vault, LogHead head, IReadOnlyList<NewEntry> news, IReadOnlyList<LogEntry> entries, CancellationToken stop)
    {
        if (entries.Count > EventsMost)
            throw new ArgumentException($"At most {EventsMost} events fit in one append.", nameof(entries));
        var partition = VaultPartition.Of(vault);
        var batch = new List<TableTransactionAction>(entries.Count * 2 + 1);
        for (var i = 0; i < entries.Count; i++)
        {
            batch.Add(new(TableTransactionActionType.Add, KeyRow(partition, news[i], entries[i])));
            batch.Add(new(TableTransactionActionType.Add, EventRow(partition, entries[i])));
        }

        var settled = entries.LastOrDefault(entry => entry.Event is VaultSettled)?.Sequence ?? head.SettledSequence;
        var next = head with { Sequence = entries[^1].Sequence, Chain = entries[^1].Chain, SettledSequence = settled };
        batch.Add(HeadAction(partition, next, head.ETag));
        try
        {
            var answers = await table.SubmitTransactionAsync(batch, stop);
            return (Appended.Done, next with { ETag = answers.Value[^1].Headers.ETag!.Value });
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

    public async Task<long?> Cursor(string vault, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(VaultPartition.Of(vault), VaultPartition.Cursor, cancellationToken: stop);
        return row.HasValue ? row.Value!.GetInt64("Block") : null;
    }

    public Task SetCursor(string vault, long block, CancellationToken stop) => table.UpsertEntityAsync(
        new TableEntity(VaultPartition.Of(vault), VaultPartition.Cursor) { ["Block"] = block }, TableUpdateMode.Replace, stop);

    async Task<string?> DigestOfKey(string partition, NewEntry entry, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(partition, VaultPartition.KeyRow(entry.Key), cancellationToken: stop);
        return row.HasValue ? row.Value!.GetString("Digest") : null;
    }

    static LogEntry ReadRow(TableEntity row, byte[] previousChain)
    {
        LogEntry entry;
        try
        {
            entry = LogEntryJson.Read((byte)(row.GetInt32("Version") ?? 0), row.GetString("Entry") ?? "", previousChain);
        }
        catch (LogDamagedException damage)
        {
            throw new LogDamagedException($"Row {row.PartitionKey}/{row.RowKey}: {damage.Message}");
        }

        return Convert.ToHexStringLower(entry.Chain) == row.GetString("Chain")
            ? entry
            : throw new LogDamagedException($"Row {row.PartitionKey}/{row.RowKey}: the chain of hashes is broken here.");
    }

    static TableEntity KeyRow(string partition, NewEntry entry, LogEntry placed) => new(partition, VaultPartition.KeyRow(entry.Key))
    {
        ["Digest"] = LogEntry.DigestOf(entry),
        ["Sequence"] = placed.Sequence,
    };

    static TableEntity EventRow(string partition, LogEntry entry) => new(partition, VaultPartition.EventRow(entry.Sequence))
    {
        ["Version"] = (int)LogEntryJson.Version,
        ["Entry"] = Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(entry.Sequence, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)),
        ["Chain"] = Convert.ToHexStringLower(entry.Chain),
    };

    /// <summary>The only place that writes the head. Warning: an action without an explicit ETag would overwrite a newer head.</summary>
    static TableTransactionAction HeadAction(string partition, LogHead head, ETag seen)
    {
        var row = new TableEntity(partition, VaultPartition.Head)
        {
            ["Sequence"] = head.Sequence,
            ["Chain"] = Convert.ToHexStringLower(head.Chain),
            ["SettledSequence"] = head.SettledSequence,
        };
        if (head.Sequence > 0 && seen == ETag.All)
            throw new ArgumentException("The head is written with the ETag that was read, never with any.", nameof(seen));
        return seen == default ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, seen);
    }

    static LogHead HeadOf(TableEntity row) => new(
        row.GetInt64("Sequence")!.Value, Convert.FromHexString(row.GetString("Chain")), row.GetInt64("SettledSequence")!.Value, row.ETag);
}

/// <summary>Two different happenings claim the same natural key: the vault halts and somebody is woken.</summary>
public sealed class EventConflictException(string vault, string key)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"eventConflict: vault {vault} already holds another event under the key {key}."));
