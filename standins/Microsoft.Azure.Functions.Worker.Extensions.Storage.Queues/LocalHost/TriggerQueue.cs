using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>A trigger's queue and its poison queue. Texts are received and sent as they are; decoding is the listener's.</summary>
sealed class TriggerQueue
{
    const string PoisonSuffix = "-poison";
    const int LongestName = 63;

    readonly QueueClient queue;
    readonly QueueClient? poison;
    bool exists;

    public TriggerQueue(StorageAccount account, string name, QueueOptions options)
    {
        Options = options;
        var raw = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        var service = account.Client("queue", connection => new QueueServiceClient(connection, raw), (uri, credential) => new QueueServiceClient(uri, credential, raw));
        queue = service.GetQueueClient(name);
        var poisonName = name + PoisonSuffix;
        poison = name.EndsWith(PoisonSuffix, StringComparison.Ordinal) || poisonName.Length > LongestName ? null : service.GetQueueClient(poisonName);
    }

    public QueueOptions Options { get; }

    public string Name => queue.Name;

    public string? PoisonName => poison?.Name;

    /// <summary>Nothing when the queue isn't there.</summary>
    public async Task<QueueMessage[]> Receive(TimeSpan visibility, CancellationToken stop)
    {
        try
        {
            exists = exists || await queue.ExistsAsync(stop);
            return exists ? (await queue.ReceiveMessagesAsync(Options.BatchSize, visibility, stop)).Value : [];
        }
        catch (RequestFailedException)
        {
            exists = false;
            throw;
        }
    }

    /// <summary>Keeps the message hidden for <paramref name="visibility"/> more; answers the new pop receipt, or null when it is someone else's now or gone.</summary>
    public Task<string?> Hide(string messageId, string popReceipt, TimeSpan visibility) =>
        IfOurs(async () => (await queue.UpdateMessageAsync(messageId, popReceipt, visibilityTimeout: visibility, cancellationToken: CancellationToken.None)).Value.PopReceipt);

    public Task Delete(string messageId, string popReceipt) =>
        IfOurs(async () =>
        {
            await queue.DeleteMessageAsync(messageId, popReceipt, CancellationToken.None);
            return "";
        });

    /// <summary>Moves the message to the poison queue, which is made if need be. False when this queue has none.</summary>
    public async Task<bool> MoveToPoison(QueueMessage message, string popReceipt)
    {
        if (poison is null)
            return false;
        try
        {
            await poison.SendMessageAsync(message.MessageText, CancellationToken.None);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await poison.SendMessageAsync(message.MessageText, CancellationToken.None);
        }

        await Delete(message.MessageId, popReceipt);
        return true;
    }

    static async Task<string?> IfOurs(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.PopReceiptMismatch || exception.Status is 404 or 409)
        {
            return null;
        }
    }
}
