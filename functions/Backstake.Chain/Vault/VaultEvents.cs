using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Backstake.Chain.Vault;

/// <summary>What a vault's log can hold. Amounts in wei.</summary>
public interface IVaultEvent : IEventDTO;

[Event("Offered")]
public sealed class OfferedEvent : IVaultEvent
{
    [Parameter("bytes32", "terms", 1, true)]
    public byte[] Terms { get; set; } = [];

    [Parameter("tuple", "content", 2, false)]
    public VaultTerms Content { get; set; } = new();
}

[Event("OfferWithdrawn")]
public sealed class OfferWithdrawnEvent : IVaultEvent
{
    [Parameter("bytes32", "terms", 1, true)]
    public byte[] Terms { get; set; } = [];
}

[Event("Deposited")]
public sealed class DepositedEvent : IVaultEvent
{
    [Parameter("address", "backer", 1, true)]
    public string Backer { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 3, false)]
    public ulong Units { get; set; }
}

[Event("Cancelled")]
public sealed class CancelledEvent : IVaultEvent
{
    [Parameter("address", "backer", 1, true)]
    public string Backer { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint64", "units", 3, false)]
    public ulong Units { get; set; }
}

[Event("Exiting")]
public sealed class ExitingEvent : IVaultEvent
{
    [Parameter("address", "backer", 1, true)]
    public string Backer { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 3, true)]
    public uint ExitWeek { get; set; }

    [Parameter("uint64", "units", 4, false)]
    public ulong Units { get; set; }
}

[Event("ExitCancelled")]
public sealed class ExitCancelledEvent : IVaultEvent
{
    [Parameter("address", "backer", 1, true)]
    public string Backer { get; set; } = "";

    [Parameter("uint256", "series", 2, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 3, true)]
    public uint ExitWeek { get; set; }

    [Parameter("uint64", "units", 4, false)]
    public ulong Units { get; set; }
}

[Event("Claimed")]
public sealed class ClaimedEvent : IVaultEvent
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

[Event("Proposed")]
public sealed class ProposedEvent : IVaultEvent
{
    [Parameter("uint32", "week", 1, true)]
    public uint Week { get; set; }

    [Parameter("bytes32", "books", 2, false)]
    public byte[] Books { get; set; } = [];

    [Parameter("bytes32", "content", 3, false)]
    public byte[] Content { get; set; } = [];

    [Parameter("uint64", "acceptableAt", 4, false)]
    public ulong AcceptableAt { get; set; }
}

[Event("Vetoed")]
public sealed class VetoedEvent : IVaultEvent
{
    [Parameter("uint32", "week", 1, true)]
    public uint Week { get; set; }

    [Parameter("address", "by", 2, false)]
    public string By { get; set; } = "";
}

[Event("Settled")]
public sealed class SettledEvent : IVaultEvent
{
    [Parameter("uint32", "week", 1, true)]
    public uint Week { get; set; }

    [Parameter("bytes32", "books", 2, false)]
    public byte[] Books { get; set; } = [];

    [Parameter("uint256", "owed", 3, false)]
    public BigInteger Owed { get; set; }

    [Parameter("uint256", "cover", 4, false)]
    public BigInteger Cover { get; set; }
}

[Event("Committed")]
public sealed class CommittedEvent : IVaultEvent
{
    [Parameter("uint32", "round", 1, true)]
    public uint Round { get; set; }

    [Parameter("bytes32", "predictionHash", 2, false)]
    public byte[] PredictionHash { get; set; } = [];
}

[Event("Staked")]
public sealed class StakedEvent : IVaultEvent
{
    [Parameter("uint32", "round", 1, true)]
    public uint Round { get; set; }

    [Parameter("uint256", "amount", 2, false)]
    public BigInteger Amount { get; set; }

    [Parameter("uint16", "shareBps", 3, false)]
    public ushort ShareBps { get; set; }
}

[Event("Collected")]
public sealed class CollectedEvent : IVaultEvent
{
    [Parameter("uint32", "round", 1, true)]
    public uint Round { get; set; }

    [Parameter("uint256", "staked", 2, false)]
    public BigInteger Staked { get; set; }

    [Parameter("uint256", "returned", 3, false)]
    public BigInteger Returned { get; set; }
}

[Event("HouseAdded")]
public sealed class HouseAddedEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("HouseAsked")]
public sealed class HouseAskedEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("HouseTaken")]
public sealed class HouseTakenEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("ReserveAdded")]
public sealed class ReserveAddedEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("ReserveAsked")]
public sealed class ReserveAskedEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("ReserveTaken")]
public sealed class ReserveTakenEvent : IVaultEvent
{
    [Parameter("uint256", "amount", 1, false)]
    public BigInteger Amount { get; set; }
}

[Event("Paused")]
public sealed class PausedEvent : IVaultEvent
{
    [Parameter("bool", "deposits", 1, false)]
    public bool Deposits { get; set; }

    [Parameter("bool", "staking", 2, false)]
    public bool Staking { get; set; }
}

[Event("WindingDown")]
public sealed class WindingDownEvent : IVaultEvent;

/// <summary>The way out is open: no settlement comes any more.</summary>
[Event("BooksClosed")]
public sealed class BooksClosedEvent : IVaultEvent;

/// <summary>ERC-6909: from 0 when units are deposited or an exit is cancelled, to 0 when they are cancelled, asked out or converted.</summary>
[Event("Transfer")]
public sealed class UnitsMovedEvent : IVaultEvent
{
    [Parameter("address", "caller", 1, false)]
    public string Caller { get; set; } = "";

    [Parameter("address", "sender", 2, true)]
    public string Sender { get; set; } = "";

    [Parameter("address", "receiver", 3, true)]
    public string Receiver { get; set; } = "";

    [Parameter("uint256", "id", 4, true)]
    public BigInteger Series { get; set; }

    [Parameter("uint256", "amount", 5, false)]
    public BigInteger Units { get; set; }
}
