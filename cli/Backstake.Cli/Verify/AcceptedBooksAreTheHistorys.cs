using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>
/// The root of the books that the chain accepted in each week is that of the history's books after that week: what everybody would get if it were the last, and the digest of the stored books.
/// </summary>
internal static class AcceptedBooksAreTheHistorys
{
    private const string Name = "The accepted books are the history's";

    public static Check Of(FoldedHistory history, ChainEvidence chain) =>
        Check.Of(Name, $"{chain.State.LastAccepted} accepted weeks, root by root{(chain.State.BooksClosed ? "; the way out without an operator is open, no other will be" : "")}", Wrong(history, chain));

    private static IEnumerable<string> Wrong(FoldedHistory history, ChainEvidence chain)
    {
        var roots = history.Settlements.ToDictionary(settled => (uint)settled.Week, settled => settled.Root is { } root ? Convert.ToHexStringLower(root) : "none that a contract could have");
        var accepted = chain.Log.Select(entry => entry.Event).OfType<SettledEvent>().ToList();
        for (var i = 0; i < accepted.Count; i++)
        {
            var (week, onChain) = (accepted[i].Week, Convert.ToHexStringLower(accepted[i].Books));
            if (week != i + 1) yield return $"the chain accepted week {week} after week {i}";
            else if (!roots.TryGetValue(week, out var ours)) yield return $"the chain accepted week {week}, the history has not settled it";
            else if (ours != onChain) yield return $"week {week}: the chain accepted books with the root {onChain}, the history's are {ours}";
        }

        if (accepted.Count != chain.State.LastAccepted) yield return $"the vault says that week {chain.State.LastAccepted} is accepted, its log has {accepted.Count}";
        if (accepted.Count > 0 && !accepted[^1].Books.AsSpan().SequenceEqual(chain.State.Books)) yield return "the vault's own root is not the one that it accepted last";
    }
}
