using System.Numerics;
using Backstake.Chain.Numerai;
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

    Task<bool> IsClaimedAsync(StakePosition position, CancellationToken stop);

    /// <summary>Claims for the staker, as Numerai does after a week.</summary>
    Task ClaimAsync(RoundClaim claim, CancellationToken stop);
}

/// <summary>Addresses are 0x and 40 hex digits.</summary>
public sealed record StakingAddresses(BigInteger ChainId, string Staking, string Nmr, string Owner, string AuthorizationSigner);

/// <param name="Digest">The EIP-712 digest, 0x and 64 hex digits.</param>
/// <param name="Signature">65 bytes, 0x hex.</param>
public sealed record SignedAuthorization(string Digest, string Signature);

/// <param name="Staker">0x and 40 hex digits.</param>
/// <param name="ModelId">32 bytes (<see cref="UuidWord"/>).</param>
/// <param name="SubmissionHash">The file that the stake was authorised for.</param>
public sealed record StakePosition(int Round, string Staker, byte[] ModelId, BigInteger AmountWei, byte[] SubmissionHash);

/// <summary>A position's result with its proof.</summary>
public sealed record RoundClaim(StakePosition Position, Payout Payout, byte[] MerkleRoot, IReadOnlyList<byte[]> Proof)
{
    /// <summary>stake + payout − burn.</summary>
    public BigInteger ClaimableWei => Position.AmountWei + Payout.PayoutWei - Payout.BurnWei;
}
