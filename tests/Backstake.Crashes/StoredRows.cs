using Azure.Data.Tables;
using Backstake.Servers;

namespace Backstake.Crashes;

/// <summary>What is stored, for people: how a season came to an end that it shouldn't have.</summary>
public static class StoredRows
{
    /// <summary>A line for each row of the logs and of the outbox.</summary>
    public static async Task<IReadOnlyList<string>> Told(Azurite azurite, CancellationToken stop)
    {
        var lines = new List<string>();
        foreach (var name in new[] { "vaultlog", "outbox" })
        {
            await foreach (var row in new TableServiceClient(azurite.ConnectionString).GetTableClient(name).QueryAsync<TableEntity>(cancellationToken: stop))
                lines.Add($"{name}/{row.PartitionKey}/{row.RowKey} {row.Timestamp:HH:mm:ss.fff} {string.Join(' ', row.Where(it => it.Value is not byte[] && !it.Key.Contains("Key", StringComparison.Ordinal)).Select(it => $"{it.Key}={it.Value}"))}");
        }

        return lines;
    }
}
