using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using ChainSeries = Backstake.Chain.Vault.SeriesId;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Cli.Verify;

/// <summary>A class of the contract: the tranche that left in a week, or with exitWeek 0 a live <c>pay</c> series.</summary>
internal readonly record struct ChainClass(ChainSeries Series, uint ExitWeek)
{
    public static ChainClass Of(SeriesId series, Week? exitWeek) =>
        new(ChainSeries.Of(series.Terms.Text, series.Payout == Payout.Pay, (uint)series.EntryWeek.Number), (uint)(exitWeek?.Number ?? 0));
}

/// <summary>NMR that left the vault, wei.</summary>
/// <param name="To">Lower case.</param>
internal readonly record struct NmrSent(string To, BigInteger Amount, string Transaction);

/// <summary>Everything that the checks ask of the chain, read at one final block. Amounts in wei; addresses that are keys in lower case.</summary>
internal sealed record ChainEvidence
{
    public required string Vault { get; init; }

    public required ChainBlock Block { get; init; }

    public required CreateVault Created { get; init; }

    public required ChainState State { get; init; }

    /// <summary>The vault's events from its creation to the block, in the chain's order.</summary>
    public required IReadOnlyList<VaultLogEntry> Log { get; init; }

    /// <summary>NMR's own transfers out of the vault, from its creation to the block.</summary>
    public required IReadOnlyList<NmrSent> Sent { get; init; }

    /// <summary>The NMR that the vault has.</summary>
    public required BigInteger Balance { get; init; }

    /// <summary>The vault's own answer when the weeks end that aren't accepted yet, up to the one that runs.</summary>
    public required IReadOnlyDictionary<int, DateTimeOffset> Cuts { get; init; }

    /// <summary>The stakers of this vault, in the order in which it had them.</summary>
    public required IReadOnlyList<string> Stakers { get; init; }

    /// <summary>The content of the file's terms ids; null: never offered.</summary>
    public required IReadOnlyDictionary<TermsId, VaultTerms?> Terms { get; init; }

    /// <summary>What is staked in the rounds that the books hold open.</summary>
    public required IReadOnlyDictionary<Round, BigInteger> OpenStakes { get; init; }

    /// <summary>A unit's lifetime total, by class.</summary>
    public required IReadOnlyDictionary<ChainClass, BigInteger> Paid { get; init; }

    public required IReadOnlyDictionary<(ChainClass Class, string Holder), BigInteger> Claimable { get; init; }
}
