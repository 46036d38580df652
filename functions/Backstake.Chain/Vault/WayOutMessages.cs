using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>Opens the way out without an operator: anybody, 28 days after the later of wind-down and last acceptance. It ends settlements for ever.</summary>
[Function("open")]
public sealed class OpenWayOutFunction : FunctionMessage;

/// <summary>The same, once winding down, when a class is unpaid 16 weeks after it left.</summary>
[Function("open")]
public sealed class OpenWayOutOverdueFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }
}

/// <summary>Pays the caller his part of what is there, by the last accepted books; again when more has come home. The house's leaf pays the owner, whoever calls.</summary>
[Function("escape", "uint256")]
public sealed class EscapeFunction : FunctionMessage
{
    [Parameter("tuple", "leaf", 1)]
    public BooksLeaf Leaf { get; set; } = new();

    [Parameter("tuple", "proof", 2)]
    public BooksProof Proof { get; set; } = new();

    /// <summary>The class in which the holder's units are on chain; 0: live units.</summary>
    [Parameter("uint32", "exitWeek", 3)]
    public uint ExitWeek { get; set; }
}

/// <summary>From 26 weeks after the opening on: a part of what is left, by unit size, for units that never escaped by a leaf. Anybody may send it.</summary>
[Function("takeRest", "uint256")]
public sealed class TakeRestFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 3)]
    public string Holder { get; set; } = "";
}

/// <summary>UTC seconds; 0: it is closed.</summary>
[Function("openedAt", "uint64")]
public sealed class WayOutOpenedAtFunction : FunctionMessage;

/// <summary>Wei, by <c>escape</c> and <c>takeRest</c>.</summary>
[Function("paid", "uint256")]
public sealed class WayOutPaidFunction : FunctionMessage;

/// <summary>Wei a unit.</summary>
[Function("escapedOf", "uint256")]
public sealed class EscapedOfFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 3)]
    public string Holder { get; set; } = "";
}

[Event("Opened")]
public sealed class WayOutOpenedEvent : IVaultEvent;

/// <summary>Series 0: the house, to the owner.</summary>
[Event("Escaped")]
public sealed class EscapedEvent : IVaultEvent
{
    [Parameter("address", "holder", 1, true)]
    public string Holder { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 3, true)]
    public uint ExitWeek { get; set; }

    [Parameter("uint256", "amount", 4, false)]
    public BigInteger Amount { get; set; }
}

[Event("RestTaken")]
public sealed class RestTakenEvent : IVaultEvent
{
    [Parameter("address", "holder", 1, true)]
    public string Holder { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 3, true)]
    public uint ExitWeek { get; set; }

    [Parameter("uint256", "amount", 4, false)]
    public BigInteger Amount { get; set; }
}
