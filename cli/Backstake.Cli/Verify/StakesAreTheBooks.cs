using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>What was staked in each round is exactly what the books decided, A_r (CONTRACT.md "Decided" 8), and what is open on chain is what the books hold open.</summary>
internal static class StakesAreTheBooks
{
    private const string Name = "Every round staked what the books decided";

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var stakes = chain.Log.Select(entry => entry.Event).OfType<StakedEvent>().ToList();
        var total = stakes.Aggregate(BigInteger.Zero, (sum, staked) => sum + staked.Amount);
        return Check.Of(Name, $"{stakes.Count} rounds, {new Nmr(total)} NMR together", Wrong(history, chain, stakes));
    }

    private static IEnumerable<string> Wrong(FoldedHistory history, ChainEvidence chain, List<StakedEvent> stakes)
    {
        foreach (var staked in stakes)
        {
            if (!history.Stakes.TryGetValue(new Round((int)staked.Round), out var decided)) yield return $"round {staked.Round}: {new Nmr(staked.Amount)} NMR staked, not in the books";
            else if (decided.Wei != staked.Amount) yield return $"round {staked.Round}: {new Nmr(staked.Amount)} NMR staked, the books say {decided}";
        }

        var home = WayOut.Of(history, chain).Collected.Select(collected => new Round((int)collected.Round)).ToHashSet();
        foreach (var (number, round) in history.Books.OpenRounds)
        {
            if (chain.OpenStakes[number] != (home.Contains(number) ? 0 : round.Stake.Wei)) yield return $"round {number}: {new Nmr(chain.OpenStakes[number])} NMR open on chain, {round.Stake} in the books";
        }
    }
}
