using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// Polls a queue and runs its function for each message, as the host's queue listener: a batch, the next one when no more than the threshold still run;
/// an empty poll waits from 100 ms to maxPollingInterval. A failed message is seen again after visibilityTimeout, at the last attempt moved to <c>-poison</c>.
/// </summary>
sealed partial class QueueListener(FunctionEntry function, TriggerQueue queue, QueueOptions options, bool takesMessage, FunctionInvoker invoker, ILogger logger) : ITriggerListener
{
    static readonly TimeSpan Lock = TimeSpan.FromMinutes(10);
    static readonly TimeSpan LockRenewal = Lock / 2;

    public async Task Run(CancellationToken stop)
    {
        var running = new List<Task>();
        var delay = QueueOptions.MinPollingInterval;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var batch = await Receive(stop);
                if (batch.Length == 0)
                {
                    await Task.Delay(delay * (0.8 + (0.4 * Random.Shared.NextDouble())), stop);
                    delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxPollingInterval.Ticks));
                    continue;
                }

                delay = QueueOptions.MinPollingInterval;
                running.AddRange(batch.Select(message => Process(message, stop)));
                while (running.Count > options.NewBatchThreshold)
                    running.Remove(await Task.WhenAny(running));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the host stops
        }

        await Task.WhenAll(running);
    }

    public Task RunOnce(string? input, CancellationToken stop)
    {
        var body = BinaryData.FromString(input ?? "");
        var message = QueuesModelFactory.QueueMessage(messageId: "", popReceipt: "", body, dequeueCount: 0);
        return invoker.Invoke(function, Input(message, "admin"), stop);
    }

    async Task<QueueMessage[]> Receive(CancellationToken stop)
    {
        try
        {
            return await queue.Receive(Lock, stop);
        }
        catch (Exception exception) when ((exception is RequestFailedException or AggregateException or IOException) && !stop.IsCancellationRequested)
        {
            PollFailed(logger, queue.Name, exception.Message);
            return [];
        }
    }

    async Task Process(QueueMessage message, CancellationToken stop)
    {
        try
        {
            if (Decode(message) is not { } decoded)
            {
                Undecodable(logger, message.MessageId, queue.Name, queue.PoisonName);
                await queue.MoveToPoison(message, message.PopReceipt);
            }
            else if (message.DequeueCount > options.MaxDequeueCount)
            {
                await GiveUp(message, message.PopReceipt);
            }
            else
            {
                await Invoke(message, decoded, stop);
            }
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
        {
            // The message is seen again when its lock ends.
            CompletionFailed(logger, exception, message.MessageId, queue.Name);
        }
    }

    async Task Invoke(QueueMessage message, QueueMessage decoded, CancellationToken stop)
    {
        using var done = new CancellationTokenSource();
        var renewing = Renew(message, done.Token);
        var succeeded = await invoker.Invoke(function, Input(decoded, $"queue {queue.Name}, attempt {message.DequeueCount}"), stop);
        await done.CancelAsync();
        if (await renewing is not { } popReceipt)
            return;   // someone else's by now
        if (succeeded)
            await queue.Delete(message.MessageId, popReceipt);
        else if (message.DequeueCount >= options.MaxDequeueCount)
            await GiveUp(message, popReceipt);
        else if (queue.PoisonName is not null)
            await queue.Hide(message.MessageId, popReceipt, options.VisibilityTimeout);
        // A poison queue's own failed message stays hidden until its lock ends, so that it doesn't loop.
    }

    /// <summary>Holds the lock until <paramref name="done"/>; answers the last pop receipt, or null when the lock was lost.</summary>
    async Task<string?> Renew(QueueMessage message, CancellationToken done)
    {
        var popReceipt = message.PopReceipt;
        using var timer = new PeriodicTimer(LockRenewal);
        try
        {
            while (popReceipt is not null && await timer.WaitForNextTickAsync(done))
                popReceipt = await queue.Hide(message.MessageId, popReceipt, Lock);
        }
        catch (OperationCanceledException)
        {
            // the function has ended
        }

        return popReceipt;
    }

    async Task GiveUp(QueueMessage message, string popReceipt)
    {
        if (await queue.MoveToPoison(message, popReceipt))
            Poisoned(logger, message.MessageId, options.MaxDequeueCount, queue.PoisonName);
    }

    QueueMessage? Decode(QueueMessage message)
    {
        if (!options.IsBase64)
            return message;
        try
        {
            var body = BinaryData.FromBytes(Convert.FromBase64String(message.MessageText));
            return QueuesModelFactory.QueueMessage(message.MessageId, message.PopReceipt, body, message.DequeueCount, message.NextVisibleOn, message.InsertedOn, message.ExpiresOn);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    TriggerInput Input(QueueMessage message, string reason)
    {
        var text = message.Body.ToString();
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["QueueTrigger"] = text,
            ["Id"] = message.MessageId,
            ["PopReceipt"] = message.PopReceipt,
            ["DequeueCount"] = message.DequeueCount.ToString(),
            ["InsertionTime"] = JsonSerializer.Serialize(message.InsertedOn),
            ["ExpirationTime"] = JsonSerializer.Serialize(message.ExpiresOn),
            ["NextVisibleTime"] = JsonSerializer.Serialize(message.NextVisibleOn),
        };
        return new TriggerInput(takesMessage ? message : text, reason, data);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "queue {Queue} can't be read: {Error}")]
    static partial void PollFailed(ILogger logger, string queue, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "message {MessageId} of {Queue} is not Base64 (host.json extensions.queues.messageEncoding): moved to {Poison}")]
    static partial void Undecodable(ILogger logger, string messageId, string queue, string? poison);

    [LoggerMessage(Level = LogLevel.Error, Message = "message {MessageId} of {Queue} could not be completed")]
    static partial void CompletionFailed(ILogger logger, Exception exception, string messageId, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "message {MessageId} has reached MaxDequeueCount of {MaxDequeueCount}: moved to {Poison}")]
    static partial void Poisoned(ILogger logger, string messageId, int maxDequeueCount, string? poison);
}
