using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Hosting.Status;

/// <summary>When a function last succeeded and failed (UTC), and with what kind of failure.</summary>
/// <param name="Since">Since when that is kept.</param>
public sealed record FlowTime(string Function, DateTimeOffset Since, DateTimeOffset? Succeeded, DateTimeOffset? Failed, string? Cause)
{
    /// <summary>How long it hasn't succeeded.</summary>
    public TimeSpan Idle(DateTimeOffset now) => now - (Succeeded ?? Since) is var idle && idle > TimeSpan.Zero ? idle : TimeSpan.Zero;
}

/// <summary>Table <c>flows</c>: one row per function. Only for looking at: nothing is decided by it, and it can be lost.</summary>
public sealed class FlowTimes(StorageClients storage, TimeProvider clock)
{
    public const string TableName = "flows";
    const string Partition = "flows";

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public Task Succeeded(string function, CancellationToken stop) => Keep(function, row => row["Succeeded"] = clock.GetUtcNow(), stop);

    public Task Failed(string function, string cause, CancellationToken stop) => Keep(function, row =>
    {
        row["Failed"] = clock.GetUtcNow();
        row["Cause"] = cause;
    }, stop);

    /// <summary>What is known of each flow's functions; one that was never heard of is kept from now on.</summary>
    public async Task<IReadOnlyList<FlowTime>> All(CancellationToken stop)
    {
        var times = new List<FlowTime>();
        foreach (var function in Flows.All)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, function.Name, cancellationToken: stop);
            var known = row.HasValue ? row.Value! : new TableEntity();
            var since = known.GetDateTimeOffset("Since");
            if (since is null)
            {
                since = clock.GetUtcNow();
                await Keep(function.Name, it => it["Since"] = since, stop);
            }

            times.Add(new(function.Name, since.Value, known.GetDateTimeOffset("Succeeded"), known.GetDateTimeOffset("Failed"), known.GetString("Cause")));
        }

        return times;
    }

    Task Keep(string function, Action<TableEntity> change, CancellationToken stop)
    {
        var row = new TableEntity(Partition, function);
        change(row);
        return table.UpsertEntityAsync(row, TableUpdateMode.Merge, stop);
    }
}
