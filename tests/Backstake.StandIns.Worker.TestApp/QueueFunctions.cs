using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.StandIns.Worker.TestApp;

public sealed record Order(string Vault, int Week);

public sealed class QueueFunctions(Journal journal)
{
    [Function("Texts")]
    public void Texts([QueueTrigger("%TextsQueue%")] string text, FunctionContext context)
    {
        journal.Add(new { function = "Texts", text, attempt = context.BindingContext.BindingData["DequeueCount"] });
        if (text.StartsWith("fail", StringComparison.Ordinal))
            throw new InvalidOperationException("this text fails");
    }

    [Function("Orders")]
    public Task Orders([QueueTrigger("%OrdersQueue%")] Order order)
    {
        journal.Add(new { function = "Orders", vault = order.Vault, week = order.Week });
        return Task.CompletedTask;
    }

    [Function("Messages")]
    public void Messages([QueueTrigger("messages")] QueueMessage message) =>
        journal.Add(new { function = "Messages", text = message.MessageText, body = message.Body.ToString(), id = message.MessageId, attempt = message.DequeueCount });

    [Function("Holds")]
    public async Task Holds([QueueTrigger("%HoldsQueue%")] string text, CancellationToken stop)
    {
        journal.Add(new { function = "Holds", text, state = "running" });
        await Task.Delay(Timeout.Infinite, stop);
    }
}
