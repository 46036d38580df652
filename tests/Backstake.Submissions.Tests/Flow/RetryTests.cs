using System.Text.Json;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>What an operator needn't wait for the sweep for.</summary>
[Collection(StorageGround.Collection)]
public sealed class RetryTests(StorageGround ground) : SubmissionGround(ground)
{
    [Fact]
    public async Task Retry_SendsNow_WhatIsDue()
    {
        var vault = await Begin();
        await Open();
        var submissions = The<StorageClients>().Queues.GetQueueClient(VaultQueues.Submissions);
        await submissions.CreateIfNotExistsAsync();
        await submissions.ClearMessagesAsync();
        var functions = ActivatorUtilities.CreateInstance<OperatorFunctions>(App);
        Assert.IsType<NoContentResult>(await functions.Retry(Request("""{"by":"me","reason":"its message was lost"}"""u8.ToArray()), vault.Id, default));
        var message = Assert.Single((await submissions.ReceiveMessagesAsync(32)).Value);
        Assert.Equal((vault.Id, Number), Of(message.MessageText));
        Assert.Equal(("retry", vault.Id, "its message was lost"), (await The<OperatorOrders>().Last(1, default)).Select(order => (order.Act, order.Subject, order.Reason)).Single());
    }

    static (string?, int) Of(string message)
    {
        using var json = JsonDocument.Parse(message);
        return (json.RootElement.GetProperty("vault").GetString(), json.RootElement.GetProperty("round").GetInt32());
    }
}
