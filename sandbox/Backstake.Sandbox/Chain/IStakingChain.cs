using System.Numerics;
using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.Chain;

/// <summary>The staking contract and its signer, as the tournament uses them. The outside world: tests of the API put another in its place.</summary>
public interface IStakingChain
{
    StakingAddresses Addresses { get; }

    /// <summary>The staker's next nonce, from the contract.</summary>
    Task<BigInteger> NonceAsync(string staker, CancellationToken stop);

    /// <summary>Signs as the authorisation signer.</summary>
    SignedAuthorization Sign(StakeAuthorization authorization);

    /// <summary>Lets stakes into the round until that time.</summary>
    Task OpenRoundAsync(int round, DateTimeOffset closeStaking, CancellationToken stop);

    /// <summary>Everything staked in the round, in the order of the chain.</summary>
    Task<IReadOnlyList<StakePosition>> PositionsAsync(int round, CancellationToken stop);

    /// <summary>Pays what is won into the contract and sets the round's root.</summary>
    Task ResolveAsync(int round, byte[] merkleRoot, BigInteger payoutsWei, CancellationToken stop);

    Task<bool> IsClaimedAsync(int round, string staker, byte[] modelId, CancellationToken stop);

    /// <summary>Claims for the staker, as Numerai does after a week.</summary>
    Task ClaimAsync(RoundClaim claim, CancellationToken stop);

    /// <summary>keccak-256.</summary>
    byte[] Hash(byte[] bytes);
}

/// <summary>Addresses are 0x and 40 hex digits.</summary>
public sealed record StakingAddresses(BigInteger ChainId, string Staking, string Nmr, string Owner, string AuthorizationSigner);

/// <summary>The EIP-712 struct `StakeAuthorization`. Assumption: Numerai's type isn't published.</summary>
/// <param name="ModelId">32 bytes: the UUID's 16, after 16 zeros. <paramref name="SubmissionId"/> likewise.</param>
/// <param name="SubmissionHash">SHA-256 of the submitted file.</param>
/// <param name="Deadline">Unix seconds, inclusive.</param>
public sealed record StakeAuthorization(
    int TournamentId, int RoundId, byte[] ModelId, string Staker, BigInteger MaxAmountWei, byte[] SubmissionId, byte[] SubmissionHash, BigInteger Nonce, long Deadline);

/// <param name="Digest">The EIP-712 digest, 0x and 64 hex digits.</param>
/// <param name="Signature">65 bytes, 0x hex.</param>
public sealed record SignedAuthorization(string Digest, string Signature);

/// <param name="Staker">0x and 40 hex digits.</param>
/// <param name="SubmissionHash">The file that the stake was authorised for.</param>
public sealed record StakePosition(int Round, string Staker, byte[] ModelId, BigInteger AmountWei, byte[] SubmissionHash);

/// <summary>A position's result with its proof.</summary>
public sealed record RoundClaim(StakePosition Position, Payout Payout, byte[] MerkleRoot, IReadOnlyList<byte[]> Proof)
{
    /// <summary>stake + payout − burn.</summary>
    public BigInteger ClaimableWei => Position.AmountWei + Payout.PayoutWei - Payout.BurnWei;
}
