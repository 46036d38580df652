using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>The settler, from the cut on.</summary>
[Function("propose")]
public sealed class ProposeFunction : FunctionMessage
{
    [Parameter("tuple", "week", 1)]
    public SettlementWeek Week { get; set; } = new();

    [Parameter("tuple[]", "lines", 2)]
    public List<SettlementLine> Lines { get; set; } = [];
}

/// <summary>Guardian or owner, within the window.</summary>
[Function("veto")]
public sealed class VetoFunction : FunctionMessage;

/// <summary>Anybody, after the window, with what was proposed.</summary>
[Function("accept")]
public sealed class AcceptFunction : FunctionMessage
{
    [Parameter("tuple", "week", 1)]
    public SettlementWeek Week { get; set; } = new();

    [Parameter("tuple[]", "lines", 2)]
    public List<SettlementLine> Lines { get; set; } = [];
}
