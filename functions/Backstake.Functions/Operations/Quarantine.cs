using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues.Models;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Operations;

/// <summary>A message that failed, or keeps failing. Times in UTC.</summary>
public sealed record FailedMessage(string Id, string Queue, string Text, int Attempts, DateTimeOffset First, DateTimeOffset Last, string Reason);

/// <summary>
/// Our own count of each message's attempts, and the messages that were given up (table <c>quarantine</c>, one partition per queue, a row per message).
/// The host's count can't be relied on: what times out, or takes the process with it, may never reach its poison queue (FAULTS.md 3.4).
/// </summary>
public sealed class Quarantine(StorageClients storage, VaultQueues queues)
{
    public const string TableName = "quarantine";
    const int ListMost = 1000;
    const int PoisonedMost = 32; // the service's greatest batch; what is left is taken the next time
    const string GivenUp = "GivenUp";

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Counts an attempt, before or after it. Returns how many there were.</summary>
    public async Task<int> Count(string queue, string id, string text, string reason, DateTimeOffset now, CancellationToken stop)
    {
        var row = await Row(queue, id, stop);
        var count = (row?.GetInt32("Attempts") ?? 0) + 1;
        await Write(new(id, queue, text, count, row?.GetDateTimeOffset("First") ?? now, now, reason), givenUp: false, stop);
        return count;
    }

    /// <summary>The message succeeded, or isn't worth keeping.</summary>
    public Task Forget(string queue, string id, CancellationToken stop) => table.DeleteEntityAsync(queue, id, ETag.All, stop);

    /// <summary>Gives the message up: it is kept with the reason, for a person.</summary>
    public async Task Keep(string queue, string id, string text, string reason, DateTimeOffset now, CancellationToken stop)
    {
        var row = await Row(queue, id, stop);
        await Write(new(id, queue, text, row?.GetInt32("Attempts") ?? 1, row?.GetDateTimeOffset("First") ?? now, now, reason), givenUp: true, stop);
    }

    /// <summary>The messages that were given up, oldest first.</summary>
    public async Task<IReadOnlyList<FailedMessage>> All(CancellationToken stop)
    {
        var kept = new List<FailedMessage>();
        await foreach (var row in table.QueryAsync<TableEntity>(GivenUp + " eq true", ListMost, cancellationToken: stop))
            kept.Add(Of(row));
        return [.. kept.OrderBy(message => message.First)];
    }

    /// <summary>Sends the message to its queue again and takes it out of quarantine. False if it isn't there.</summary>
    public async Task<bool> Resend(string id, CancellationToken stop)
    {
        if ((await All(stop)).FirstOrDefault(message => message.Id == id) is not { } kept)
            return false;
        await queues.SendText(kept.Queue, kept.Text, stop);
        await Forget(kept.Queue, kept.Id, stop);
        return true;
    }

    /// <summary>Takes what the host gave up by itself (no Base64, or taken too often) from its poison queues. Returns how many.</summary>
    public async Task<int> CollectPoisoned(DateTimeOffset now, CancellationToken stop)
    {
        var collected = 0;
        foreach (var queue in VaultQueues.All)
        {
            var poisoned = storage.RawQueues.GetQueueClient(VaultQueues.PoisonOf(queue));
            foreach (QueueMessage message in (await poisoned.ReceiveMessagesAsync(PoisonedMost, cancellationToken: stop)).Value)
            {
                var (text, reason) = IsBase64(message.MessageText, out var decoded) ? (decoded, "The host gave it up.") : (message.MessageText, "It isn't Base64.");
                await Keep(queue, message.MessageId, text, reason, now, stop);
                try
                {
                    await poisoned.DeleteMessageAsync(message.MessageId, message.PopReceipt, stop);
                }
                catch (RequestFailedException gone) when (gone.ErrorCode == QueueErrorCode.MessageNotFound)
                {
                    // By our own first try, whose answer was lost.
                }

                collected++;
            }
        }

        return collected;
    }

    async Task<TableEntity?> Row(string queue, string id, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(queue, id, cancellationToken: stop);
        return row.HasValue ? row.Value : null;
    }

    async Task Write(FailedMessage message, bool givenUp, CancellationToken stop)
    {
        var row = new TableEntity(message.Queue, message.Id)
        {
            // Bytes, not text: a message may have more characters than a text property.
            ["Text"] = Encoding.UTF8.GetBytes(message.Text), ["Attempts"] = message.Attempts, ["First"] = message.First, ["Last"] = message.Last,
            ["Reason"] = Step.Detail(message.Reason), [GivenUp] = givenUp,
        };
        EntityLimits.Check(row);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, stop);
    }

    static FailedMessage Of(TableEntity row) => new(
        row.RowKey, row.PartitionKey, Encoding.UTF8.GetString(row.GetBinary("Text")), row.GetInt32("Attempts")!.Value,
        row.GetDateTimeOffset("First")!.Value, row.GetDateTimeOffset("Last")!.Value, row.GetString("Reason"));

    static bool IsBase64(string text, out string decoded)
    {
        var bytes = new byte[text.Length];
        var isBase64 = Convert.TryFromBase64String(text, bytes, out var length);
        decoded = isBase64 ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        return isBase64;
    }
}
