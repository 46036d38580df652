using Backstake.Chain.Vault;
using Backstake.Functions.Vaults;
using Nethereum.Util;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>
/// Where a vault's log and its contract part, at the block up to which the log has read: a look that costs one request, every few minutes.
/// <c>backstake verify</c> compares everything.
/// </summary>
public static class BooksAndChain
{
    /// <param name="chain">The contract at the block of the log's last chain event, or a later one without any.</param>
    public static IEnumerable<string> Differences(VaultState state, ChainState chain)
    {
        var record = state.Record;
        if (record.Collects != chain.Collects)
            yield return "collects";
        if (record.LastAcceptedWeek != chain.LastAccepted)
            yield return "lastAcceptedWeek";
        else if (record.Weeks.TryGetValue(record.LastAcceptedWeek, out var week) && week.BooksRoot != Convert.ToHexStringLower(chain.Books))
            yield return "booksRoot";
        if (state.Books.Stake.Wei != chain.Staked)
            yield return "stake";
        if (!record.Staker.IsTheSameAddress(chain.Staker))
            yield return "staker";
        if (state.Books.IsWindingDown != (chain.WindDownAt != 0))
            yield return "windingDown";
    }
}
