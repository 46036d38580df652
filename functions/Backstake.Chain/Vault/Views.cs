using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

[Function("owner", "address")]
public sealed class OwnerFunction : FunctionMessage;

[Function("committer", "address")]
public sealed class CommitterFunction : FunctionMessage;

[Function("stakerKey", "address")]
public sealed class StakerKeyFunction : FunctionMessage;

[Function("settler", "address")]
public sealed class SettlerFunction : FunctionMessage;

[Function("guardian", "address")]
public sealed class GuardianFunction : FunctionMessage;

[Function("nmr", "address")]
public sealed class NmrFunction : FunctionMessage;

[Function("staker", "address")]
public sealed class StakerFunction : FunctionMessage;

[Function("tournament", "uint256")]
public sealed class TournamentFunction : FunctionMessage;

[Function("modelId", "bytes32")]
public sealed class ModelIdFunction : FunctionMessage;

[Function("firstCut", "uint64")]
public sealed class FirstCutFunction : FunctionMessage;

[Function("window", "uint64")]
public sealed class WindowFunction : FunctionMessage;

[Function("currentWeek", "uint32")]
public sealed class CurrentWeekFunction : FunctionMessage;

[Function("lastAccepted", "uint32")]
public sealed class LastAcceptedFunction : FunctionMessage;

[Function("free", "uint256")]
public sealed class FreeFunction : FunctionMessage;

[Function("waiting", "uint256")]
public sealed class WaitingFunction : FunctionMessage;

[Function("joining", "uint256")]
public sealed class JoiningFunction : FunctionMessage;

[Function("promised", "uint256")]
public sealed class PromisedFunction : FunctionMessage;

[Function("staked", "uint256")]
public sealed class StakedFunction : FunctionMessage;

[Function("reserve", "uint256")]
public sealed class ReserveFunction : FunctionMessage;

[Function("reserveLocked", "uint256")]
public sealed class ReserveLockedFunction : FunctionMessage;

[Function("reserveDue", "uint256")]
public sealed class ReserveDueFunction : FunctionMessage;

[Function("houseDue", "uint256")]
public sealed class HouseDueFunction : FunctionMessage;

[Function("houseSpare", "uint256")]
public sealed class HouseSpareFunction : FunctionMessage;

[Function("stakeLimit", "uint256")]
public sealed class StakeLimitFunction : FunctionMessage;

[Function("collects", "uint32")]
public sealed class CollectsFunction : FunctionMessage;

[Function("cut", "uint256")]
public sealed class CutFunction : FunctionMessage
{
    [Parameter("uint32", "week", 1)]
    public uint Week { get; set; }
}

[Function("proposal", typeof(ProposalOutput))]
public sealed class ProposalFunction : FunctionMessage;

[FunctionOutput]
public sealed class ProposalOutput : IFunctionOutputDTO
{
    [Parameter("uint32", "week", 1)]
    public uint Week { get; set; }

    [Parameter("bytes32", "content", 2)]
    public byte[] Content { get; set; } = [];

    [Parameter("uint64", "acceptableAt", 3)]
    public ulong AcceptableAt { get; set; }
}

[Function("terms", typeof(TermsOutput))]
public sealed class TermsFunction : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Id { get; set; } = [];
}

[FunctionOutput]
public sealed class TermsOutput : IFunctionOutputDTO
{
    [Parameter("tuple", "content", 1)]
    public VaultTerms Content { get; set; } = new();

    [Parameter("uint8", "status", 2)]
    public byte Status { get; set; }
}

[Function("openStake", "uint256")]
public sealed class OpenStakeFunction : FunctionMessage
{
    [Parameter("uint32", "round", 1)]
    public uint Round { get; set; }
}

[Function("commitment", typeof(CommitmentOutput))]
public sealed class CommitmentFunction : FunctionMessage
{
    [Parameter("uint32", "round", 1)]
    public uint Round { get; set; }
}

[FunctionOutput]
public sealed class CommitmentOutput : IFunctionOutputDTO
{
    [Parameter("bytes28", "hash", 1)]
    public byte[] Hash { get; set; } = [];

    [Parameter("uint32", "committedAt", 2)]
    public uint CommittedAt { get; set; }
}

[Function("liveUnits", "uint256")]
public sealed class LiveUnitsFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }
}

[Function("classOf", typeof(ClassOutput))]
public sealed class ClassOfFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }
}

[FunctionOutput]
public sealed class ClassOutput : IFunctionOutputDTO
{
    [Parameter("uint64", "units", 1)]
    public ulong Units { get; set; }

    [Parameter("uint88", "paid", 2)]
    public BigInteger Paid { get; set; }

    [Parameter("bool", "closed", 3)]
    public bool Closed { get; set; }
}

[Function("claimable", "uint256")]
public sealed class ClaimableFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 3)]
    public string Holder { get; set; } = "";
}

/// <summary>Units of a holder that asked out in a week.</summary>
[Function("leavingUnits", "uint256")]
public sealed class LeavingUnitsFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 3)]
    public string Holder { get; set; } = "";
}
