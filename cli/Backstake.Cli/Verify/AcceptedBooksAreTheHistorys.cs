using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>The digest of the books that the chain accepted in each week is that of the history's books after that week: SHA-256 of the stored books.</summary>
internal static class AcceptedBooksAreTheHistorys
{
    private const string Name = "The accepted books are the history's";

    public static Check Of(FoldedHistory history, ChainEvidence chain) => Check.Of(Name, $"{chain.Weeks.LastAccepted} accepted weeks, digest by digest", Wrong(history, chain));

    private static IEnumerable<string> Wrong(FoldedHistory history, ChainEvidence chain)
    {
        var digests = history.Settlements.ToDictionary(settled => (uint)settled.Week, settled => settled.Digest);
        var accepted = chain.Log.Select(entry => entry.Event).OfType<SettledEvent>().ToList();
        for (var i = 0; i < accepted.Count; i++)
        {
            var (week, onChain) = (accepted[i].Week, Convert.ToHexStringLower(accepted[i].Books));
            if (week != i + 1) yield return $"the chain accepted week {week} after week {i}";
            else if (!digests.TryGetValue(week, out var ours)) yield return $"the chain accepted week {week}, the history has not settled it";
            else if (ours != onChain) yield return $"week {week}: the chain accepted books {onChain}, the history's are {ours}";
        }

        if (accepted.Count != chain.Weeks.LastAccepted) yield return $"the vault says that week {chain.Weeks.LastAccepted} is accepted, its log has {accepted.Count}";
    }
}
