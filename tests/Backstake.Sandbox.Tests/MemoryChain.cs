using System.Numerics;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Chain;
using Nethereum.Signer;

namespace Backstake.Sandbox.Tests;

/// <summary>The staking contract as far as the API needs one, without a node.</summary>
internal sealed class MemoryChain : IStakingChain
{
    private static readonly EthECKey Signer = new("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

    public List<StakePosition> Positions { get; } = [];

    public Dictionary<int, DateTimeOffset> Opened { get; } = [];

    public Dictionary<int, (byte[] Root, BigInteger PayoutsWei)> Resolved { get; } = [];

    public List<StakePosition> Claimed { get; } = [];

    public BigInteger Nonce { get; set; } = 7;

    public StakingAddresses Addresses { get; } = new(31337, "0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2", "0x00000000000000000000000000000000000000a3", Signer.GetPublicAddress());

    public Task<BigInteger> NonceAsync(string staker, CancellationToken stop) => Task.FromResult(Nonce);

    public SignedAuthorization Sign(StakeAuthorization authorization) =>
        new("0x" + Convert.ToHexStringLower(authorization.Digest(Addresses.Staking, Addresses.ChainId)), authorization.Sign(Addresses.Staking, Addresses.ChainId, Signer));

    public Task OpenRoundAsync(int round, DateTimeOffset closeStaking, CancellationToken stop)
    {
        Opened.Add(round, closeStaking);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StakePosition>> PositionsAsync(int round, CancellationToken stop) => Task.FromResult<IReadOnlyList<StakePosition>>(Positions.Where(p => p.Round == round).ToList());

    public Task ResolveAsync(int round, byte[] merkleRoot, BigInteger payoutsWei, CancellationToken stop)
    {
        Resolved.Add(round, (merkleRoot, payoutsWei));
        return Task.CompletedTask;
    }

    public Task<bool> IsClaimedAsync(StakePosition position, CancellationToken stop) => Task.FromResult(Claimed.Contains(position));

    public Task ClaimAsync(RoundClaim claim, CancellationToken stop)
    {
        Claimed.Add(claim.Position);
        return Task.CompletedTask;
    }
}
