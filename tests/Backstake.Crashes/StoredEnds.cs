using Azure;
using Azure.Data.Tables;
using Backstake.Servers;

namespace Backstake.Crashes;

/// <summary>How far storage has got: what went back after a kill is what it had acknowledged and lost.</summary>
/// <param name="Events">By vault, how many events its log has.</param>
/// <param name="Settled">By vault, the place of its last settlement.</param>
/// <param name="Nonces">By signer, the next nonce of its outbox.</param>
/// <param name="Halted">By signer, why it halted.</param>
public sealed record StoredEnds(
    IReadOnlyDictionary<string, long> Events, IReadOnlyDictionary<string, long> Settled, IReadOnlyDictionary<string, long> Nonces, IReadOnlyDictionary<string, string> Halted)
{
    public static async Task<StoredEnds> Read(Azurite azurite, CancellationToken stop)
    {
        var (logs, outbox) = (await Heads(azurite, "vaultlog", stop), await Heads(azurite, "outbox", stop));
        return new(
            logs.ToDictionary(row => row.PartitionKey[(row.PartitionKey.IndexOf('-', StringComparison.Ordinal) + 1)..], row => row.GetInt64("Sequence")!.Value),
            logs.ToDictionary(row => row.PartitionKey[(row.PartitionKey.IndexOf('-', StringComparison.Ordinal) + 1)..], row => row.GetInt64("SettledSequence")!.Value),
            outbox.ToDictionary(row => row.PartitionKey, row => row.GetInt64("Next")!.Value),
            outbox.Where(row => row.GetString("Halted") is not null).ToDictionary(row => row.PartitionKey, row => row.GetString("Halted")));
    }

    /// <summary>How many events of all vaults this has more than another.</summary>
    public long EventsBeyond(StoredEnds other) => Events.Sum(log => Math.Max(0, log.Value - other.Events.GetValueOrDefault(log.Key)));

    /// <summary>How many nonces of all signers this has more than another.</summary>
    public long NoncesBeyond(StoredEnds other) => Nonces.Sum(signer => Math.Max(0, signer.Value - other.Nonces.GetValueOrDefault(signer.Key)));

    static async Task<List<TableEntity>> Heads(Azurite azurite, string table, CancellationToken stop)
    {
        try
        {
            return await new TableServiceClient(azurite.ConnectionString).GetTableClient(table).QueryAsync<TableEntity>("RowKey eq 'head'", cancellationToken: stop).ToListAsync(stop);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return []; // a table that is younger than what was written last is lost, too
        }
    }
}
