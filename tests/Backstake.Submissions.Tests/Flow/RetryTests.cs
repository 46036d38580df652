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
        await submissions.ClearMessagesAsync(); // of tests before; some may be invisible still
        var functions = ActivatorUtilities.CreateInstance<OperatorFunctions>(App);
        Assert.IsType<NoContentResult>(await functions.Retry(Request("""{"by":"me","reason":"its message was lost"}"""u8.ToArray()), vault.Id, default));
        var own = (await submissions.ReceiveMessagesAsync(32)).Value.Select(message => Of(message.MessageText)).Where(it => it.Vault == vault.Id);
        Assert.Contains((vault.Id, Number), own); // rounds of tests before may be open, too
        Assert.Equal(("retry", vault.Id, "its message was lost"), (await The<OperatorOrders>().Last(1, default)).Select(order => (order.Act, order.Subject, order.Reason)).Single());
    }

    static (string? Vault, int Round) Of(string message)
    {
        using var json = JsonDocument.Parse(message);
        return (json.RootElement.GetProperty("vault").GetString(), json.RootElement.GetProperty("round").GetInt32());
    }
}
