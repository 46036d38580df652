using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>Offers terms that the owner signed (<see cref="SignedTerms"/>); anybody may send it.</summary>
[Function("offer", "bytes32")]
public sealed class OfferFunction : FunctionMessage
{
    [Parameter("tuple", "terms", 1)]
    public VaultTerms Terms { get; set; } = new();

    [Parameter("bytes", "signature", 2)]
    public byte[] Signature { get; set; } = [];
}

[Function("withdrawOffer")]
public sealed class WithdrawOfferFunction : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Terms { get; set; } = [];
}

[Function("addHouse")]
public sealed class AddHouseFunction : FunctionMessage
{
    [Parameter("uint88", "amount", 1)]
    public BigInteger Amount { get; set; }
}

[Function("askHouse")]
public sealed class AskHouseFunction : FunctionMessage
{
    [Parameter("uint88", "amount", 1)]
    public BigInteger Amount { get; set; }
}

[Function("takeHouse", "uint256")]
public sealed class TakeHouseFunction : FunctionMessage;

[Function("addReserve")]
public sealed class AddReserveFunction : FunctionMessage
{
    [Parameter("uint88", "amount", 1)]
    public BigInteger Amount { get; set; }
}

[Function("askReserve")]
public sealed class AskReserveFunction : FunctionMessage
{
    [Parameter("uint88", "amount", 1)]
    public BigInteger Amount { get; set; }
}

[Function("takeReserve", "uint256")]
public sealed class TakeReserveFunction : FunctionMessage;

/// <summary>Owner or guardian.</summary>
[Function("pause")]
public sealed class PauseFunction : FunctionMessage
{
    [Parameter("bool", "deposits", 1)]
    public bool Deposits { get; set; }

    [Parameter("bool", "staking", 2)]
    public bool Staking { get; set; }
}

/// <summary>The owner at any time; anybody when CONTRACT.md "Decided" 15 allows it.</summary>
[Function("windDown")]
public sealed class WindDownFunction : FunctionMessage;

/// <summary>Anybody, when a class is unpaid 16 weeks after it left.</summary>
[Function("windDown")]
public sealed class WindDownOverdueFunction : FunctionMessage
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }
}
