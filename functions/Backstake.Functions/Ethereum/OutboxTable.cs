using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Backstake.Chain;
using Backstake.Functions.Storage;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.Functions.Ethereum;

/// <summary>
/// The stored side of the outbox: table <c>outbox</c>, one partition per signing key. <c>head</c> has the next nonce; <c>k|…</c> is a purpose with its
/// transaction, <c>n|…</c> a nonce with its purpose, <c>t|…</c> a version of a transaction that was replaced.
/// </summary>
public sealed class OutboxTable(StorageClients storage)
{
    public const string TableName = "outbox";
    const string HeadRow = "head";
    const int RawChunksMost = 3; // 128 KiB, the largest transaction that nodes pass on, and more
    const int OpenMost = 500;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <returns>Null if the key was never used here.</returns>
    /// <exception cref="OutboxDamagedException">The head is gone though its partition has rows: the next nonce isn't guessed.</exception>
    public async Task<SignerHead?> Head(string signer, CancellationToken stop)
    {
        if (await HeadRowOf(signer, stop) is { } head)
            return head;
        if (await LastNonce(signer, stop) is null)
            return null;
        // The first nonce may have been chosen between the two questions.
        return await HeadRowOf(signer, stop)
            ?? throw new OutboxDamagedException(signer, $"row {TableName}/{Partition(signer)}/{HeadRow} is missing, though nonces were chosen");
    }

    public async Task<OutboxEntry?> Find(string signer, string vault, string purpose, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition(signer), PurposeRow(vault, purpose), cancellationToken: stop);
        return row.HasValue ? EntryOf(row.Value!, vault, purpose) : null;
    }

    /// <summary>Stores a transaction before it is sent. False if another worker chose the nonce, or made this transaction, meanwhile.</summary>
    /// <param name="head">As it was read; null: it wasn't there.</param>
    public async Task<bool> Store(
        string signer, SignerHead? head, string vault, string purpose, long nonce, SignedTransaction signed, long block, DateTimeOffset? deadline, CancellationToken stop)
    {
        var chosen = new Dictionary<string, object>(StringComparer.Ordinal) { ["Vault"] = vault, ["Purpose"] = purpose };
        if (deadline is { } until)
            chosen["Deadline"] = until;
        var entry = new OutboxEntry(vault, purpose, nonce, [signed.Hash], signed.Raw.HexToByteArray(), block, deadline, null, null, null, default);
        var next = head is null ? new SignerHead(nonce + 1, nonce, null, default) : head with { Next = nonce + 1 };
        return await Written(new PartitionBatch(table, Partition(signer))
            .Add(PurposeRow(vault, purpose), Properties(entry))
            .Add(NonceRow(nonce), chosen)
            .Put(HeadRow, Properties(next), next.ETag), stop);
    }

    /// <summary>Writes that the purpose is given up. False if it has a transaction, or was given up before.</summary>
    public Task<bool> Forgo(string signer, string vault, string purpose, CancellationToken stop) => Written(new PartitionBatch(table, Partition(signer))
        .Add(PurposeRow(vault, purpose), Properties(new OutboxEntry(vault, purpose, -1, [""], [], 0, null, Outcome.Forgone, null, null, default))), stop);

    /// <summary>Stores a replacement before it is sent; what it replaces is kept. False if another worker changed the entry meanwhile.</summary>
    public Task<bool> Replace(string signer, OutboxEntry entry, SignedTransaction signed, long block, CancellationToken stop)
    {
        var replaced = new Dictionary<string, object>(StringComparer.Ordinal) { ["Hash"] = entry.Hashes[0], ["Block"] = entry.Block };
        AddRaw(replaced, entry.Raw);
        return Written(new PartitionBatch(table, Partition(signer))
            .Put(PurposeRow(entry.Vault, entry.Purpose), Properties(entry with
            {
                Hashes = [signed.Hash, .. entry.Hashes], Raw = signed.Raw.HexToByteArray(), Block = block,
            }), entry.ETag)
            .Add(string.Create(CultureInfo.InvariantCulture, $"t|{entry.Nonce:D12}|{entry.Hashes.Count:D3}"), replaced), stop);
    }

    /// <summary>Closes the entry, once. False if another worker changed it meanwhile.</summary>
    public Task<bool> Close(string signer, OutboxEntry entry, CancellationToken stop) =>
        Written(new PartitionBatch(table, Partition(signer)).Put(PurposeRow(entry.Vault, entry.Purpose), Properties(entry), entry.ETag), stop);

    /// <summary>Writes the head; false if another worker changed it meanwhile.</summary>
    public Task<bool> Put(string signer, SignerHead head, CancellationToken stop) =>
        Written(new PartitionBatch(table, Partition(signer)).Put(HeadRow, Properties(head), head.ETag), stop);

    /// <summary>The nonces that were chosen and aren't known to be closed, in order.</summary>
    /// <exception cref="OutboxDamagedException">One is missing.</exception>
    public async Task<IReadOnlyList<ChosenNonce>> Open(string signer, SignerHead head, CancellationToken stop)
    {
        var open = new List<ChosenNonce>();
        if (head.Closed >= head.Next)
            return open;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(signer)} and RowKey ge {NonceRow(head.Closed)} and RowKey lt {NonceRow(head.Next)}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, OpenMost, cancellationToken: stop))
        {
            var expected = head.Closed + open.Count;
            if (row.RowKey != NonceRow(expected))
                throw new OutboxDamagedException(signer, $"row {TableName}/{Partition(signer)}/{NonceRow(expected)} is missing");
            open.Add(new(expected, row.GetString("Vault"), row.GetString("Purpose"), row.GetDateTimeOffset("Deadline")));
            if (open.Count == OpenMost)
                return open;
        }

        return head.Closed + open.Count == head.Next
            ? open
            : throw new OutboxDamagedException(signer, $"row {TableName}/{Partition(signer)}/{NonceRow(head.Closed + open.Count)} is missing");
    }

    /// <summary>The greatest nonce that was chosen, or null.</summary>
    public async Task<long?> LastNonce(string signer, CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(signer)} and RowKey ge {"n|"} and RowKey lt {"n}"}");
        long? last = null;
        await foreach (var row in table.QueryAsync<TableEntity>(filter, OpenMost, ["PartitionKey", "RowKey"], stop))
            last = long.Parse(row.RowKey.AsSpan(2), CultureInfo.InvariantCulture);
        return last;
    }

    public static string Partition(string signer) => signer.ToLowerInvariant();

    public static string PurposeRow(string vault, string purpose) => VaultPartition.KeyRow($"{vault}|{purpose}");

    public static string NonceRow(long nonce) => string.Create(CultureInfo.InvariantCulture, $"n|{nonce:D12}");

    async Task<SignerHead?> HeadRowOf(string signer, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition(signer), HeadRow, cancellationToken: stop);
        return row.HasValue ? HeadOf(row.Value!) : null;
    }

    static async Task<bool> Written(PartitionBatch batch, CancellationToken stop)
    {
        try
        {
            await batch.Submit(stop);
            return true;
        }
        catch (TableTransactionFailedException failed) when (failed.Status is 409 or 412)
        {
            return false;
        }
    }

    static Dictionary<string, object> Properties(SignerHead head)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal) { ["Next"] = head.Next, ["Closed"] = head.Closed };
        if (head.Halted is not null)
            row["Halted"] = head.Halted;
        return row;
    }

    static SignerHead HeadOf(TableEntity row) => new(row.GetInt64("Next")!.Value, row.GetInt64("Closed") ?? 0, row.GetString("Halted"), row.ETag);

    static Dictionary<string, object> Properties(OutboxEntry entry)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Nonce"] = entry.Nonce, ["Hash"] = entry.Hashes[0], ["Earlier"] = string.Join(' ', entry.Hashes.Skip(1)), ["Block"] = entry.Block,
        };
        AddRaw(row, entry.Raw);
        if (entry.Deadline is { } deadline)
            row["Deadline"] = deadline;
        if (entry.Outcome is { } outcome)
            row["Outcome"] = outcome.ToString();
        if (entry.Reason is not null)
            row["Reason"] = entry.Reason;
        if (entry.MinedHash is not null)
            row["Mined"] = entry.MinedHash;
        return row;
    }

    static OutboxEntry EntryOf(TableEntity row, string vault, string purpose) => new(
        vault, purpose, row.GetInt64("Nonce")!.Value,
        [row.GetString("Hash"), .. (row.GetString("Earlier") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        RawOf(row), row.GetInt64("Block") ?? 0, row.GetDateTimeOffset("Deadline"),
        row.GetString("Outcome") is { } outcome ? Enum.Parse<Outcome>(outcome) : null, row.GetString("Reason"), row.GetString("Mined"), row.ETag);

    static void AddRaw(Dictionary<string, object> row, byte[] raw)
    {
        var chunks = raw.Chunk(EntityLimits.BinaryMost).ToList();
        if (chunks.Count > RawChunksMost)
            throw new EntityTooLargeException($"A transaction of {raw.Length} bytes: no node would take it.");
        for (var i = 0; i < chunks.Count; i++)
            row[RawName(i)] = chunks[i];
    }

    static byte[] RawOf(TableEntity row) => [.. Enumerable.Range(0, RawChunksMost).SelectMany(i => row.GetBinary(RawName(i)) ?? [])];

    static string RawName(int chunk) => chunk == 0 ? "Raw" : $"Raw{chunk + 1}";
}
