using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

[Function("created", typeof(CreatedOutput))]
public sealed class CreatedFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";
}

[FunctionOutput]
public sealed class CreatedOutput : IFunctionOutputDTO
{
    [Parameter("tuple", "", 1)]
    public CreateVault Created { get; set; } = new();
}

[Function("state", typeof(StateOutput))]
public sealed class StateFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";
}

[FunctionOutput]
public sealed class StateOutput : IFunctionOutputDTO
{
    [Parameter("tuple", "", 1)]
    public ChainState State { get; set; } = new();
}

[Function("terms", typeof(TermsOutput))]
public sealed class TermsFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";

    [Parameter("bytes32", "id", 2)]
    public byte[] Id { get; set; } = [];
}

[FunctionOutput]
public sealed class TermsOutput : IFunctionOutputDTO
{
    [Parameter("tuple", "content", 1)]
    public VaultTerms Content { get; set; } = new();

    /// <summary>0 unknown, 1 offered, 2 withdrawn.</summary>
    [Parameter("uint8", "status", 2)]
    public byte Status { get; set; }
}

[Function("openStake", "uint256")]
public sealed class OpenStakeFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";

    [Parameter("uint32", "round", 2)]
    public uint Round { get; set; }
}

/// <summary>The first 28 bytes of the hash that was committed for a round; zeros if none was, or it was 128 rounds ago.</summary>
[Function("commitment", "bytes28")]
public sealed class CommitmentFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";

    [Parameter("uint32", "round", 2)]
    public uint Round { get; set; }
}

[Function("liveUnits", "uint256")]
public sealed class LiveUnitsFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";

    [Parameter("uint256", "series", 2)]
    public BigInteger Series { get; set; }
}

/// <summary>A holder's units that asked out in a week; none once he has claimed all of a closed class.</summary>
[Function("leavingOf", typeof(LeavingOutput))]
public sealed class LeavingOfFunction : FunctionMessage
{
    [Parameter("address", "vault", 1)]
    public string Vault { get; set; } = "";

    [Parameter("uint256", "series", 2)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 3)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 4)]
    public string Holder { get; set; } = "";
}

[FunctionOutput]
public sealed class LeavingOutput : IFunctionOutputDTO
{
    [Parameter("uint64", "units", 1)]
    public ulong Units { get; set; }

    /// <summary>Up to where he has claimed, a unit, wei.</summary>
    [Parameter("uint88", "paid", 2)]
    public BigInteger Paid { get; set; }
}
