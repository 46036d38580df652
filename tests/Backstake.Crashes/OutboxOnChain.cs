using Azure.Data.Tables;
using Backstake.Chain;
using Backstake.Season;

namespace Backstake.Crashes;

/// <summary>Holds the outbox against the chain: whatever it says that a nonce was used for is mined with it, or it says itself that somebody else's is (FAULTS.md K-7).</summary>
public static class OutboxOnChain
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>How many nonces were looked at.</returns>
    public static async Task<int> Check(SeasonPlay play, CancellationToken stop)
    {
        var web3 = ChainNode.Connect(play.Ground.Node, Limit);
        var rows = await new TableServiceClient(play.Ground.Azurite.ConnectionString).GetTableClient("outbox").QueryAsync<TableEntity>(cancellationToken: stop).ToListAsync(stop);
        var looked = 0;
        foreach (var signer in rows.Where(row => row.GetInt64("Nonce") is >= 0).GroupBy(row => row.PartitionKey))
        {
            var used = (long)(await web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(signer.Key)).Value;
            foreach (var purpose in signer.Where(row => row.GetInt64("Nonce") < used))
            {
                var mined = false;
                foreach (var hash in (purpose.GetString("Hash") + " " + purpose.GetString("Earlier")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    mined |= await web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash) is not null;
                Assert.True(mined != (purpose.GetString("Outcome") == "Foreign"), $"{purpose.RowKey} has nonce {purpose.GetInt64("Nonce")}, which is another's; it says {purpose.GetString("Outcome")}.");
                looked++;
            }
        }

        return looked;
    }
}
