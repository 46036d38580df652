using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>The contracts created with the vault.</summary>
[Function("companions", typeof(CompanionsOutput))]
public sealed class CompanionsFunction : FunctionMessage;

[FunctionOutput]
public sealed class CompanionsOutput : IFunctionOutputDTO
{
    [Parameter("address", "notices", 1)]
    public string Notices { get; set; } = "";

    [Parameter("address", "wayOut", 2)]
    public string WayOut { get; set; } = "";
}

[Function("cut", "uint256")]
public sealed class CutFunction : FunctionMessage
{
    [Parameter("uint32", "week", 1)]
    public uint Week { get; set; }
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
