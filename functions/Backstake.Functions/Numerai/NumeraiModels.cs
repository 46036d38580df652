using System.Numerics;

namespace Backstake.Functions.Numerai;

/// <summary>A round as Numerai's API describes it; times are UTC. The deadline is <paramref name="CloseStakingTime"/>.</summary>
public sealed record NumeraiRound(int Number, DateTimeOffset OpenTime, DateTimeOffset CloseStakingTime, DateTimeOffset ResolveTime);

/// <summary>Where a file may be uploaded to, or downloaded from. The address is a secret: it is never logged.</summary>
public sealed record FileAddress(string Filename, Uri Url);

/// <summary>A model, and the vault in whose name something is done with it: a key that an owner gave is that vault's alone, whoever else names the model.</summary>
public sealed record VaultModel(string Vault, string Id);

/// <summary>A key of Numerai's API. It is its account's, never one model's.</summary>
public sealed record NumeraiKey(string PublicId, string SecretKey)
{
    /// <summary>What the header <c>Authorization</c> says after <c>Token</c>.</summary>
    public string Token => $"{PublicId}${SecretKey}";

    /// <summary>A key is in no text by accident.</summary>
    public override string ToString() => PublicId;
}

/// <summary>What Numerai says of a key and its account.</summary>
/// <param name="Scopes">What the key may do; null: Numerai doesn't list it.</param>
/// <param name="Models">The ids of the account's models.</param>
public sealed record NumeraiAccount(IReadOnlyList<string>? Scopes, IReadOnlyList<string> Models);

/// <summary>The models of the account in which a vault's model is looked for.</summary>
/// <param name="IsOwners">It is the account of the key that the vault's owner brought; else the operator's.</param>
public sealed record ModelAccount(bool IsOwners, IReadOnlyList<string> Models);

/// <summary>A submission that Numerai holds.</summary>
/// <param name="Selected">Numerai scores (and would stake on) this one of the round.</param>
public sealed record NumeraiSubmission(string Id, string Filename, bool Selected, string? TriggerId, int Round, int Tournament);

/// <summary>Numerai's signed permission to stake: EIP-712, bound to the submission's hash and the staker's nonce. Amounts in wei.</summary>
public sealed record StakeAuthorisation(
    BigInteger ChainId, string StakingAddress, string NmrAddress, string Staker, string ModelId, int RoundId, int TournamentId,
    string SubmissionId, string SubmissionHash, BigInteger MaxAmount, BigInteger Nonce, BigInteger Deadline, string Signature);

/// <summary>What a resolved round returns: stake + payout − burn. Amounts in wei.</summary>
public sealed record StakeClaim(int RoundId, string ModelId, string Staker, BigInteger PayoutAmountWei, BigInteger BurnAmountWei, IReadOnlyList<string> Proof);
