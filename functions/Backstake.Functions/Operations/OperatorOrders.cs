using System.Globalization;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Operations;

/// <summary>An order that an operator gave.</summary>
/// <param name="Act">The last word of its route: <c>halt</c>, <c>resume</c>, <c>import</c>, <c>retry</c>, <c>resend</c> …; or what an operator says: <c>attest</c>, <c>withdrawAttestation</c>.</param>
/// <param name="Subject">What it is about: a vault's address, a message's id, a signer's role.</param>
/// <param name="At">UTC.</param>
public sealed record GivenOrder(DateTimeOffset At, string Act, string Subject, string By, string Reason);

/// <summary>Who ordered what, and why (table <c>orders</c>, the newest first): written before it is carried out, and never changed.</summary>
public sealed class OperatorOrders(StorageClients storage, TimeProvider clock)
{
    public const string TableName = "orders";
    const string Given = "given";

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task Keep(string act, string subject, Order order, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var row = new TableEntity(Given, string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - now.UtcTicks:D19}|{Guid.NewGuid():N}"))
        {
            ["At"] = now, ["Act"] = act, ["Subject"] = subject, ["By"] = order.By, ["Reason"] = order.Reason,
        };
        EntityLimits.Check(row);
        await table.AddEntityAsync(row, stop);
    }

    /// <summary>The last ones, newest first.</summary>
    public async Task<IReadOnlyList<GivenOrder>> Last(int most, CancellationToken stop)
    {
        var last = new List<GivenOrder>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Given}"), most, cancellationToken: stop))
        {
            last.Add(Of(row));
            if (last.Count == most)
                break;
        }

        return last;
    }

    /// <summary>Every one about something, newest first. Operators' orders are few: all of them are looked through.</summary>
    public async Task<IReadOnlyList<GivenOrder>> About(string subject, CancellationToken stop)
    {
        var about = new List<GivenOrder>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Given} and Subject eq {subject}"), cancellationToken: stop))
            about.Add(Of(row));
        return about;
    }

    static GivenOrder Of(TableEntity row) => new(row.GetDateTimeOffset("At")!.Value, row.GetString("Act"), row.GetString("Subject"), row.GetString("By"), row.GetString("Reason"));
}
