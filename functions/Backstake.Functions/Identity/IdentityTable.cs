using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Identity;

/// <summary>
/// Table <c>identity</c>: nonces, sessions and API keys. What expires has its end (seconds since 1970, eight hex digits) in front of its row key, so that what is over lies first; each new row
/// takes a few of them away, and the table never grows beyond what is alive.
/// </summary>
public sealed class IdentityTable(StorageClients storage)
{
    public const string TableName = "identity";
    const int ForgottenAtOnce = 4; // more than one, so that whatever was left is caught up with

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    public static string EndKey(DateTimeOffset end) => end.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The end that a row key begins with; null: it begins with none.</summary>
    public static DateTimeOffset? EndOf(string row) =>
        row.Length > 8 && long.TryParse(row.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public async Task Add(TableEntity row, CancellationToken stop)
    {
        EntityLimits.Check(row);
        await table.AddEntityAsync(row, stop);
    }

    /// <summary>Adds a row whose key begins with its end, and forgets some of the partition that are over.</summary>
    public async Task AddUntilItsEnd(TableEntity row, DateTimeOffset now, CancellationToken stop)
    {
        await Add(row, stop);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {row.PartitionKey} and RowKey lt {EndKey(now)}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, ForgottenAtOnce, ["PartitionKey", "RowKey"], stop).AsPages())
        {
            foreach (var over in page.Values)
                await table.DeleteEntityAsync(over.PartitionKey, over.RowKey, ETag.All, stop);
            break;
        }
    }

    public async Task<TableEntity?> Find(string partition, string row, CancellationToken stop)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: stop);
        return found.HasValue ? found.Value : null;
    }

    public async IAsyncEnumerable<TableEntity> All(string partition, string holder, [EnumeratorCancellation] CancellationToken stop)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Holder eq {holder}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            yield return row;
    }

    /// <summary>Takes a row away. Of all who try at the same time, on any machine, one gets true.</summary>
    public async Task<bool> Take(TableEntity row, CancellationToken stop)
    {
        try
        {
            // Warning: where the first answer was lost the client's own second try finds nothing: nobody gets true then. For a nonce that is right: sign again.
            var answer = await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, stop);
            return answer.Status == 204;
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 412)
        {
            return false;
        }
    }
}
