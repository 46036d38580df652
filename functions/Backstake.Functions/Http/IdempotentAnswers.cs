using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Backstake.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Http;

/// <summary>How a call with an Idempotency-Key begins.</summary>
public abstract record Begun
{
    /// <summary>It is this one's to carry out.</summary>
    public sealed record Mine(ETag Row) : Begun;

    public sealed record InProgress : Begun;

    public sealed record OtherRequest : Begun;

    /// <param name="Answer">Null: it was carried out, but its answer isn't kept.</param>
    public sealed record Done(RenderedAnswer? Answer, string? Location) : Begun;
}

/// <summary>
/// Table <c>idempotency</c>: a row for each call with an Idempotency-Key, so that the same call has one effect on however many instances it arrives, and the same answer.
/// Rows are kept for a day at least. Their time is the machine's: a sandbox's clock leaps over days while a call is under way.
/// </summary>
public sealed class IdempotentAnswers(StorageClients storage, [FromKeyedServices(MachineClock.Key)] TimeProvider clock)
{
    public const string TableName = "idempotency";
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Beyond the host's functionTimeout: whoever began the call then is gone.</summary>
    public static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(11);

    const string Row = "call";
    const int PartBytes = 60 * 1024; // a property holds 64 KiB
    const int PartsMost = 15;        // a row 1 MiB
    const int ForgetMost = 1000;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public async Task<Begun> Begin(IdempotentCall call, CancellationToken stop)
    {
        var row = new TableEntity(call.Id, Row) { ["Request"] = call.Request, ["At"] = clock.GetUtcNow() };
        while (true)
        {
            try
            {
                return new Begun.Mine((await table.AddEntityAsync(row, stop)).Headers.ETag!.Value);
            }
            catch (RequestFailedException exists) when (exists.ErrorCode == TableErrorCode.EntityAlreadyExists)
            {
                // Whose it is, the row says.
            }

            var read = await table.GetEntityIfExistsAsync<TableEntity>(call.Id, Row, cancellationToken: stop);
            if (!read.HasValue)
                continue; // forgotten meanwhile
            var (known, age) = (read.Value!, clock.GetUtcNow() - read.Value!.GetDateTimeOffset("At")!.Value);
            if (age < Kept && known.GetString("Request") != call.Request)
                return new Begun.OtherRequest();
            if (age < Kept && known.GetInt32("Status") is { } status)
                return new Begun.Done(known.GetInt32("Parts") is { } parts ? AnswerOf(known, status, parts) : null, known.GetString("Location"));
            if (age < Abandoned)
                return new Begun.InProgress();
            try
            {
                return new Begun.Mine((await table.UpdateEntityAsync(row, known.ETag, TableUpdateMode.Replace, stop)).Headers.ETag!.Value);
            }
            catch (RequestFailedException moved) when (moved.Status is 412 or 404)
            {
                // Another one took it over: look again.
            }
        }
    }

    /// <summary>Keeps the answer for the calls to come.</summary>
    /// <param name="isSecret">Only that there was an answer is kept.</param>
    public async Task Keep(IdempotentCall call, ETag begun, RenderedAnswer answer, string? location, bool isSecret, CancellationToken stop)
    {
        var row = new TableEntity(call.Id, Row) { ["Request"] = call.Request, ["At"] = clock.GetUtcNow(), ["Status"] = answer.Status };
        var parts = answer.Body.Chunk(PartBytes).ToList();
        if (!isSecret && parts.Count <= PartsMost)
        {
            row["Parts"] = parts.Count;
            for (var part = 0; part < parts.Count; part++)
                row[PartName(part)] = parts[part];
            if (answer.ContentType is not null)
                row["ContentType"] = answer.ContentType;
            if (location is not null)
                row["Location"] = location;
        }

        EntityLimits.Check(row);
        await table.UpdateEntityAsync(row, begun, TableUpdateMode.Replace, stop);
    }

    /// <summary>The call had no effect that must not be repeated: the next one with its key is carried out.</summary>
    public Task Forget(IdempotentCall call, ETag begun, CancellationToken stop) => table.DeleteEntityAsync(call.Id, Row, begun, stop);

    /// <summary>Deletes what is older than a day, some at a time. Returns how many.</summary>
    public async Task<int> ForgetOld(CancellationToken stop)
    {
        var count = 0;
        var before = clock.GetUtcNow() - Kept;
        var filter = TableClient.CreateQueryFilter($"At lt {before}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, ForgetMost, ["PartitionKey", "RowKey"], stop))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, stop);
            if (++count == ForgetMost)
                break;
        }

        return count;
    }

    static RenderedAnswer AnswerOf(TableEntity row, int status, int parts) =>
        new(status, row.GetString("ContentType"), [.. Enumerable.Range(0, parts).SelectMany(part => row.GetBinary(PartName(part)))]);

    static string PartName(int part) => $"Body{part:D2}";
}
