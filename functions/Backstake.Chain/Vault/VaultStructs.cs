using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Backstake.Chain.Vault;

/// <summary>What an owner offers (IVault.sol <c>Terms</c>); bounds and meaning are ACCOUNTING.md section 1's.</summary>
[Struct("Terms")]
public sealed class VaultTerms
{
    /// <summary>Wei.</summary>
    [Parameter("uint96", "unitSize", 1)]
    public BigInteger UnitSize { get; set; }

    [Parameter("uint16", "profitShareBps", 2)]
    public ushort ProfitShareBps { get; set; }

    [Parameter("uint16", "lossShareBps", 3)]
    public ushort LossShareBps { get; set; }

    [Parameter("uint16", "reserveBps", 4)]
    public ushort ReserveBps { get; set; }

    /// <summary>0 <c>atEnd</c>, 1 <c>weekly</c>, 2 <c>weeklyHighWater</c> (CONTRACT.md "Decided" 13).</summary>
    [Parameter("uint8", "crystallisation", 5)]
    public byte Crystallisation { get; set; }

    [Parameter("uint16", "clawBackWeeks", 6)]
    public ushort ClawBackWeeks { get; set; }

    [Parameter("uint16", "compoundingWeeks", 7)]
    public ushort CompoundingWeeks { get; set; }

    [Parameter("uint16", "lockupWeeks", 8)]
    public ushort LockupWeeks { get; set; }

    [Parameter("uint16", "upfrontFeeBps", 9)]
    public ushort UpfrontFeeBps { get; set; }

    [Parameter("uint16", "houseMinBps", 10)]
    public ushort HouseMinBps { get; set; }
}

/// <summary>One paid class of a settlement: the tranche (series, exitWeek), or with exitWeek 0 a live <c>pay</c> series (CONTRACT.md "Decided" 6).</summary>
[Struct("Line")]
public sealed class SettlementLine
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("uint64", "units", 3)]
    public ulong Units { get; set; }

    /// <summary>A unit's lifetime total, wei.</summary>
    [Parameter("uint88", "paid", 4)]
    public BigInteger Paid { get; set; }

    /// <summary>A unit's cover from the reserve in this settlement, wei.</summary>
    [Parameter("uint88", "cover", 5)]
    public BigInteger Cover { get; set; }

    [Parameter("bool", "closed", 6)]
    public bool Closed { get; set; }
}

/// <summary>One settlement, as <c>propose</c> and <c>accept</c> take it. Amounts in wei.</summary>
[Struct("Week")]
public sealed class SettlementWeek
{
    [Parameter("uint32", "week", 1)]
    public uint Week { get; set; }

    [Parameter("uint88", "stakeLimit", 2)]
    public BigInteger StakeLimit { get; set; }

    [Parameter("uint88", "houseOut", 3)]
    public BigInteger HouseOut { get; set; }

    [Parameter("uint88", "reserveOut", 4)]
    public BigInteger ReserveOut { get; set; }

    [Parameter("uint88", "houseSpare", 5)]
    public BigInteger HouseSpare { get; set; }

    /// <summary>The books' root, 32 bytes (<see cref="BooksRoot"/>).</summary>
    [Parameter("bytes32", "books", 6)]
    public byte[] Books { get; set; } = [];
}

/// <summary>What a class would get in an escape, a leaf of the books' root. The house: series 0, exitWeek 0, 1 unit (CONTRACT.md "Decided" 15).</summary>
[Struct("Leaf")]
public sealed class BooksLeaf
{
    [Parameter("uint256", "series", 1)]
    public BigInteger Series { get; set; }

    /// <summary>0: the live units of the series.</summary>
    [Parameter("uint32", "exitWeek", 2)]
    public uint ExitWeek { get; set; }

    [Parameter("uint64", "units", 3)]
    public ulong Units { get; set; }

    /// <summary>Of one unit, wei.</summary>
    [Parameter("uint88", "value", 4)]
    public BigInteger Value { get; set; }
}

/// <summary>The way from a leaf to the root of the last accepted books.</summary>
[Struct("Proof")]
public sealed class BooksProof
{
    /// <summary>The leaf's place, from 0.</summary>
    [Parameter("uint256", "index", 1)]
    public BigInteger Index { get; set; }

    /// <summary>32 bytes each, from the leaf upwards.</summary>
    [Parameter("bytes32[]", "siblings", 2)]
    public List<byte[]> Siblings { get; set; } = [];

    /// <summary>Wei below each sibling.</summary>
    [Parameter("uint256[]", "sums", 3)]
    public List<BigInteger> Sums { get; set; } = [];

    /// <summary>Wei that the reserve gives in an escape.</summary>
    [Parameter("uint256", "cover", 4)]
    public BigInteger Cover { get; set; }

    /// <summary>SHA-256 of the stored books.</summary>
    [Parameter("bytes32", "digest", 5)]
    public byte[] Digest { get; set; } = [];
}
