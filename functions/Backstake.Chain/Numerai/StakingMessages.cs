using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Numerai;

/// <summary>Assumption: Numerai has not published its staking contract; this is the sandbox's (NUMERAI.md, Staking).</summary>
[Function("stake")]
public sealed class NumeraiStakeFunction : FunctionMessage
{
    [Parameter("tuple", "authorization", 1)]
    public StakeAuthorization Authorization { get; set; } = new();

    [Parameter("uint256", "amount", 2)]
    public BigInteger Amount { get; set; }

    [Parameter("bytes", "signature", 3)]
    public byte[] Signature { get; set; } = [];
}

[Function("claim")]
public sealed class NumeraiClaimFunction : FunctionMessage
{
    [Parameter("uint256", "roundId", 1)]
    public BigInteger RoundId { get; set; }

    [Parameter("bytes32", "modelId", 2)]
    public byte[] ModelId { get; set; } = [];

    [Parameter("address", "staker", 3)]
    public string Staker { get; set; } = "";

    [Parameter("uint256", "payoutWei", 4)]
    public BigInteger PayoutWei { get; set; }

    [Parameter("uint256", "burnWei", 5)]
    public BigInteger BurnWei { get; set; }

    [Parameter("bytes32[]", "proof", 6)]
    public List<byte[]> Proof { get; set; } = [];
}

[Function("nonces", "uint256")]
public sealed class NumeraiNoncesFunction : FunctionMessage
{
    [Parameter("address", "staker", 1)]
    public string Staker { get; set; } = "";
}

[Function("stakeByRound", typeof(StakeByRoundOutput))]
public sealed class StakeByRoundFunction : FunctionMessage
{
    [Parameter("uint256", "roundId", 1)]
    public BigInteger RoundId { get; set; }

    [Parameter("address", "staker", 2)]
    public string Staker { get; set; } = "";

    [Parameter("bytes32", "modelId", 3)]
    public byte[] ModelId { get; set; } = [];
}

[FunctionOutput]
public sealed class StakeByRoundOutput : IFunctionOutputDTO
{
    [Parameter("uint256", "amount", 1)]
    public BigInteger Amount { get; set; }

    [Parameter("bool", "claimed", 2)]
    public bool Claimed { get; set; }
}

[Function("rounds", typeof(StakingRoundOutput))]
public sealed class StakingRoundFunction : FunctionMessage
{
    [Parameter("uint256", "roundId", 1)]
    public BigInteger RoundId { get; set; }
}

[FunctionOutput]
public sealed class StakingRoundOutput : IFunctionOutputDTO
{
    [Parameter("uint64", "closeStakingTime", 1)]
    public ulong CloseStakingTime { get; set; }

    [Parameter("bytes32", "merkleRoot", 2)]
    public byte[] MerkleRoot { get; set; } = [];
}

[Function("authorizationSigner", "address")]
public sealed class AuthorizationSignerFunction : FunctionMessage;

/// <summary>The contract's owner alone.</summary>
[Function("openRound")]
public sealed class OpenRoundFunction : FunctionMessage
{
    [Parameter("uint256", "roundId", 1)]
    public BigInteger RoundId { get; set; }

    [Parameter("uint64", "closeStakingTime", 2)]
    public ulong CloseStakingTime { get; set; }
}

/// <summary>The contract's owner alone.</summary>
[Function("resolve")]
public sealed class ResolveRoundFunction : FunctionMessage
{
    [Parameter("uint256", "roundId", 1)]
    public BigInteger RoundId { get; set; }

    [Parameter("bytes32", "merkleRoot", 2)]
    public byte[] MerkleRoot { get; set; } = [];
}

[Event("Staked")]
public sealed class NumeraiStakedEvent : IEventDTO
{
    [Parameter("uint256", "roundId", 1, true)]
    public BigInteger RoundId { get; set; }

    [Parameter("address", "staker", 2, true)]
    public string Staker { get; set; } = "";

    [Parameter("bytes32", "modelId", 3, true)]
    public byte[] ModelId { get; set; } = [];

    [Parameter("uint256", "amount", 4, false)]
    public BigInteger Amount { get; set; }

    [Parameter("bytes32", "submissionHash", 5, false)]
    public byte[] SubmissionHash { get; set; } = [];
}

[Event("StakeClaimed")]
public sealed class StakeClaimedEvent : IEventDTO
{
    [Parameter("uint256", "roundId", 1, true)]
    public BigInteger RoundId { get; set; }

    [Parameter("address", "staker", 2, true)]
    public string Staker { get; set; } = "";

    [Parameter("bytes32", "modelId", 3, true)]
    public byte[] ModelId { get; set; } = [];

    [Parameter("uint256", "payoutWei", 4, false)]
    public BigInteger PayoutWei { get; set; }

    [Parameter("uint256", "burnWei", 5, false)]
    public BigInteger BurnWei { get; set; }
}
