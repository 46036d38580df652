using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Cli.Quotes;
using Nethereum.Web3;

namespace Backstake.Cli.Backers;

/// <summary>A history's books, as what is done now finds them.</summary>
internal static class RunningBooks
{
    /// <summary>In the week that runs on chain: settlements that the history doesn't have yet come first.</summary>
    public static async Task<Books> Of(IWeb3 web3, QuotedVault vault, CancellationToken stop)
    {
        var state = await (await VaultReader.Latest(web3, vault.Books.Vault.Id, stop)).State(stop);
        var fold = new Fold(vault.Books);
        for (var week = vault.Books.LastWeek + 1; week.Number < state.CurrentWeek; week += 1) fold.Apply(new Settle(week), out _);
        return fold.Books;
    }
}
