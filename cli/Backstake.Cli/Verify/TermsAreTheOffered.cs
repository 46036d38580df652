using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>The terms of the history are what the owner offered on chain, and each id is the struct hash of its content and the vault (CONTRACT.md "Decided" 13).</summary>
internal static class TermsAreTheOffered
{
    private const string Name = "The terms are those offered on chain";

    public static Check Of(FoldedHistory history, ChainEvidence chain) =>
        Check.Of(Name, $"{history.File.Terms.Count} terms", history.File.Terms.Select(terms => Wrong(terms.Key, ChainTerms.Of(terms.Value), chain)).OfType<string>());

    private static string? Wrong(TermsId id, VaultTerms ours, ChainEvidence chain)
    {
        if (SignedTerms.Id(ours, chain.Vault) is var hash && hash != id.Text) return $"terms {id}: their content has the hash {hash}";
        if (chain.Terms[id] is not { } offered) return $"terms {id} were never offered on chain";
        return SignedTerms.Id(offered, chain.Vault) == id.Text ? null : $"terms {id} have another content on chain";
    }
}
