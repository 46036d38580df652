using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>Buys units of an offer for the week that is running; <c>WrongWeek</c> if that is another by now.</summary>
[Function("deposit", "uint256")]
public sealed class DepositFunction : FunctionMessage
{
    [Parameter("bytes32", "terms", 1)]
    public byte[] Terms { get; set; } = [];

    [Parameter("uint64", "units", 2)]
    public ulong Units { get; set; }

    [Parameter("bool", "pay", 3)]
    public bool Pay { get; set; }

    [Parameter("uint32", "joinWeek", 4)]
    public uint JoinWeek { get; set; }
}

/// <summary>Takes back units that have not joined yet, at once.</summary>
[Function("cancel")]
public sealed class CancelFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 2)]
    public ulong Units { get; set; }
}

/// <summary>Once the vault winds down: anybody gives a holder his waiting deposit back.</summary>
[Function("cancelFor")]
public sealed class CancelForFunction : FunctionMessage
{
    [Parameter("address", "holder", 1)]
    public string Holder { get; set; } = "";

    [Parameter("uint256", "series", 2)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 3)]
    public ulong Units { get; set; }
}

[Function("exit")]
public sealed class ExitFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 2)]
    public ulong Units { get; set; }
}

[Function("cancelExit")]
public sealed class CancelExitFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 2)]
    public ulong Units { get; set; }
}

/// <summary>Pays a holder what accepted settlements promised him; anybody may send it.</summary>
[Function("claim", "uint256")]
public sealed class ClaimFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("address", "holder", 3)]
    public string Holder { get; set; } = "";
}

/// <summary>ERC-6909: moves live units.</summary>
[Function("transfer", "bool")]
public sealed class TransferUnitsFunction : FunctionMessage
{
    [Parameter("address", "receiver", 1)]
    public string Receiver { get; set; } = "";

    [Parameter("uint256", "id", 2)]
    public BigInteger Series { get; set; }

    [Parameter("uint256", "amount", 3)]
    public BigInteger Units { get; set; }
}

/// <summary>ERC-6909: live and waiting units of a holder.</summary>
[Function("balanceOf", "uint256")]
public sealed class UnitsOfFunction : FunctionMessage
{
    [Parameter("address", "owner", 1)]
    public string Holder { get; set; } = "";

    [Parameter("uint256", "id", 2)]
    public BigInteger Series { get; set; }
}
