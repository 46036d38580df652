using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Nmr;

[Function("balanceOf", "uint256")]
public sealed class NmrBalanceOfFunction : FunctionMessage
{
    [Parameter("address", "owner", 1)]
    public string Holder { get; set; } = "";
}

[Function("allowance", "uint256")]
public sealed class NmrAllowanceFunction : FunctionMessage
{
    [Parameter("address", "owner", 1)]
    public string Owner { get; set; } = "";

    [Parameter("address", "spender", 2)]
    public string Spender { get; set; } = "";
}

/// <summary>Warning: NMR approves only from or to zero, and an allowance is a licence to burn: approve exact amounts (NUMERAI.md, NMR).</summary>
[Function("approve", "bool")]
public sealed class NmrApproveFunction : FunctionMessage
{
    [Parameter("address", "spender", 1)]
    public string Spender { get; set; } = "";

    [Parameter("uint256", "value", 2)]
    public BigInteger Value { get; set; }
}

/// <summary>Warning: while NMR is stopped it returns false without reverting.</summary>
[Function("transfer", "bool")]
public sealed class NmrTransferFunction : FunctionMessage
{
    [Parameter("address", "to", 1)]
    public string To { get; set; } = "";

    [Parameter("uint256", "value", 2)]
    public BigInteger Value { get; set; }
}

/// <summary>The sandbox's NMR alone: new NMR for anybody.</summary>
[Function("faucet")]
public sealed class NmrFaucetFunction : FunctionMessage
{
    [Parameter("address", "to", 1)]
    public string To { get; set; } = "";

    [Parameter("uint256", "value", 2)]
    public BigInteger Value { get; set; }
}

[Event("Transfer")]
public sealed class NmrTransferEvent : IEventDTO
{
    [Parameter("address", "from", 1, true)]
    public string From { get; set; } = "";

    [Parameter("address", "to", 2, true)]
    public string To { get; set; } = "";

    [Parameter("uint256", "value", 3, false)]
    public BigInteger Value { get; set; }
}
