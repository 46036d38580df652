using Backstake.Benchmarks;
using Backstake.Benchmarks.Scale;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Xunit;

namespace Backstake.Simulation;

/// <summary>What the benchmarks of scale run, in small: that it runs, and how often it asks storage. Their times are theirs.</summary>
public sealed class ScaleTests
{
    [Fact]
    public async Task D_07_VaultWithTenThousandHolders_Settles()
    {
        const int Holders = 10_000;
        await using var storage = await MemoryServer.Start(); // with the limits of Azure, which Azurite hasn't
        await LargeVault.Run(storage.ConnectionString, Holders);
        var cold = new Worker(storage.ConnectionString);
        var state = await cold.Store.Load(LargeVault.Name, default);
        Assert.Equal(2, state.Books.LastWeek.Number);
        Assert.Empty(state.Books.Series);
        var proposal = Proposal.FromJson(await cold.Blobs.Get(LargeVault.Name, state.Record.Weeks[2].ProposalDigest, default));
        Assert.Equal(Holders, Assert.Single(proposal.Lines).Holders.Count);
        await new LogAudit(cold.Log, cold.Blobs).Check(LargeVault.Name, allDocuments: true, default);
    }

    [Fact]
    public async Task Benchmark_OfTheLog_AppendsAsOftenAsItSays()
    {
        var figures = await LogBenchmark.Run(new LogSize(Turns: 2, Appends: 2, Passes: 1, WarmUp: 0));
        Assert.True(figures["appends_per_s_8_at_once"] > 0 && figures["raw_per_s_8_at_once"] > 0);
    }

    [Fact]
    public async Task Benchmark_OfSettling_NeedsNoMoreStorageTransactionsThanThese()
    {
        var figures = await SettleBenchmark.Run(new SettleSize(Vaults: 4, Backers: 3, Chunk: 2, InMemory: [2, 3]), ManyVaults.Run);
        Assert.Equal(RawSettlement.Requests, figures["requests_of_a_settlement_by_a_fresh_worker"]);
        // Five closes, the results together, the settlement.
        Assert.Equal(7, figures["of_which_transaction"]);
        Assert.Equal(6, figures["of_which_row_get"]);
        Assert.Equal(4, figures["of_which_blob_put"]);
        Assert.Equal(1 + 2, figures["of_which_query"] + figures["of_which_blob_get"]);
        Assert.Equal(7, figures["requests_transaction_of_a_vault_week_3_vaults"]);
    }
}
