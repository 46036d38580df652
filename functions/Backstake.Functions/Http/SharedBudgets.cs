using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Http;

/// <summary>Table <c>limits</c>: what of a caller's budget for a minute the instances have taken together, a row a caller and minute. Only those who call a lot have one.</summary>
public sealed class SharedBudgets(StorageClients storage)
{
    public const string TableName = "limits";
    const int TriesMost = 5;
    const int ForgetMost = 1000;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Takes up to <paramref name="wanted"/> of what is left of the budget.</summary>
    /// <returns>What was taken, and what is left for others; null: too many others take at this moment.</returns>
    public async Task<(int Taken, int Left)?> Take(string caller, long minute, int wanted, int budget, CancellationToken stop)
    {
        var key = minute.ToString("D12", System.Globalization.CultureInfo.InvariantCulture);
        for (var tries = 0; tries < TriesMost; tries++)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(caller, key, cancellationToken: stop);
            var spent = row.HasValue ? row.Value!.GetInt32("Spent")!.Value : 0;
            var taken = Math.Min(wanted, budget - spent);
            if (taken <= 0)
                return (0, 0);
            var next = new TableEntity(caller, key) { ["Spent"] = spent + taken, ["Minute"] = minute };
            try
            {
                if (row.HasValue)
                    await table.UpdateEntityAsync(next, row.Value!.ETag, TableUpdateMode.Replace, stop);
                else
                    await table.AddEntityAsync(next, stop);
                return (taken, budget - spent - taken);
            }
            catch (RequestFailedException moved) when (moved.Status == 412 || moved.ErrorCode == TableErrorCode.EntityAlreadyExists)
            {
                // Another instance took meanwhile: again.
            }
        }

        return null;
    }

    /// <summary>Deletes the rows of minutes that are over, some at a time.</summary>
    public async Task ForgetOld(long minute, CancellationToken stop)
    {
        var (filter, count) = (TableClient.CreateQueryFilter($"Minute lt {minute - 1}"), 0);
        await foreach (var row in table.QueryAsync<TableEntity>(filter, ForgetMost, ["PartitionKey", "RowKey"], stop))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, stop);
            if (++count == ForgetMost)
                break;
        }
    }
}
