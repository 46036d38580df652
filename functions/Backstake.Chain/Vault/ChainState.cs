using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Backstake.Chain.Vault;

/// <summary>All that moves in a vault, at one block (IVaultReader.sol <c>State</c>). Amounts in wei.</summary>
[Struct("State")]
public sealed record ChainState
{
    /// <summary>The settlement that an act in this block belongs to.</summary>
    [Parameter("uint32", "currentWeek", 1)]
    public uint CurrentWeek { get; set; }

    /// <summary>0: none yet.</summary>
    [Parameter("uint32", "lastAccepted", 2)]
    public uint LastAccepted { get; set; }

    /// <summary>The settlement at which everybody leaves; 0: not winding down.</summary>
    [Parameter("uint32", "windDownWeek", 3)]
    public uint WindDownWeek { get; set; }

    /// <summary>Of the last acceptance, UTC seconds; the first cut before the first.</summary>
    [Parameter("uint64", "settledAt", 4)]
    public ulong SettledAt { get; set; }

    /// <summary>Of what is proposed for the week after the last accepted, UTC seconds; 0: nothing is.</summary>
    [Parameter("uint64", "acceptableAt", 5)]
    public ulong AcceptableAt { get; set; }

    /// <summary>Of the proposal: keccak-256 of its arguments.</summary>
    [Parameter("bytes32", "content", 6)]
    public byte[] Content { get; set; } = [];

    /// <summary>The root that the last accepted settlement brought (<see cref="BooksRoot"/>).</summary>
    [Parameter("bytes32", "books", 7)]
    public byte[] Books { get; set; } = [];

    [Parameter("bool", "depositsPaused", 8)]
    public bool DepositsPaused { get; set; }

    [Parameter("bool", "stakingPaused", 9)]
    public bool StakingPaused { get; set; }

    [Parameter("uint256", "free", 10)]
    public BigInteger Free { get; set; }

    /// <summary>Deposits and house whose cut is still to come.</summary>
    [Parameter("uint256", "waiting", 11)]
    public BigInteger Waiting { get; set; }

    /// <summary>Deposits and house whose cut has passed, not accepted yet.</summary>
    [Parameter("uint256", "joining", 12)]
    public BigInteger Joining { get; set; }

    /// <summary>To holders and, <see cref="HouseDue"/>, to the owner.</summary>
    [Parameter("uint256", "promised", 13)]
    public BigInteger Promised { get; set; }

    /// <summary>Sum of the open stakes.</summary>
    [Parameter("uint256", "staked", 14)]
    public BigInteger Staked { get; set; }

    /// <summary><see cref="ReserveDue"/> within.</summary>
    [Parameter("uint256", "reserve", 15)]
    public BigInteger Reserve { get; set; }

    [Parameter("uint256", "reserveLocked", 16)]
    public BigInteger ReserveLocked { get; set; }

    [Parameter("uint256", "reserveDue", 17)]
    public BigInteger ReserveDue { get; set; }

    [Parameter("uint256", "houseDue", 18)]
    public BigInteger HouseDue { get; set; }

    [Parameter("uint256", "houseSpare", 19)]
    public BigInteger HouseSpare { get; set; }

    [Parameter("uint256", "stakeLimit", 20)]
    public BigInteger StakeLimit { get; set; }

    /// <summary>Positive results (and a wei a unit and losing round) that no promise has used.</summary>
    [Parameter("uint256", "gainsLeft", 21)]
    public BigInteger GainsLeft { get; set; }

    /// <summary>Released to the owner less house joined and upfront fees.</summary>
    [Parameter("int256", "houseNet", 22)]
    public BigInteger HouseNet { get; set; }

    /// <summary>Accepted, in classes not closed.</summary>
    [Parameter("uint256", "units", 23)]
    public BigInteger Units { get; set; }

    /// <summary>Their unit sizes, less what they have been promised of them.</summary>
    [Parameter("uint256", "principal", 24)]
    public BigInteger Principal { get; set; }

    /// <summary>The last that was staked.</summary>
    [Parameter("uint32", "lastRound", 25)]
    public uint LastRound { get; set; }

    /// <summary>How many rounds have come home.</summary>
    [Parameter("uint32", "collects", 26)]
    public uint Collects { get; set; }

    /// <summary>The staker of rounds to come.</summary>
    [Parameter("address", "staker", 27)]
    public string Staker { get; set; } = "";

    /// <summary>How many stakers came before.</summary>
    [Parameter("uint8", "generation", 28)]
    public byte Generation { get; set; }

    /// <summary>UTC seconds; 0: it isn't.</summary>
    [Parameter("uint64", "windDownAt", 29)]
    public ulong WindDownAt { get; set; }

    /// <summary>The way out is open: no settlement comes any more.</summary>
    [Parameter("bool", "booksClosed", 30)]
    public bool BooksClosed { get; set; }

    /// <summary>The contract by which the owner moves cuts and changes the staker.</summary>
    [Parameter("address", "notices", 31)]
    public string Notices { get; set; } = "";

    /// <summary>The contract by which holders leave without an operator.</summary>
    [Parameter("address", "wayOut", 32)]
    public string WayOut { get; set; } = "";

    /// <summary>What is proposed, or null.</summary>
    public ChainProposal? Proposal => AcceptableAt == 0 ? null : new(LastAccepted + 1, Content, DateTimeOffset.FromUnixTimeSeconds((long)AcceptableAt));
}

/// <summary>A proposed settlement, and from when it can be accepted.</summary>
public sealed record ChainProposal(uint Week, byte[] Content, DateTimeOffset AcceptableAt);
