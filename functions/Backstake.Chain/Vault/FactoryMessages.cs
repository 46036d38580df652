using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Util;

namespace Backstake.Chain.Vault;

/// <summary>
/// What a vault is created with, for ever; only the generation of its staker can change. guardian may be 0; firstCut: UTC seconds; window: seconds.
/// </summary>
[Struct("CreateVault")]
public sealed class CreateVault
{
    [Parameter("address", "owner", 1)]
    public string Owner { get; set; } = "";

    [Parameter("address", "committer", 2)]
    public string Committer { get; set; } = "";

    [Parameter("address", "stakerKey", 3)]
    public string StakerKey { get; set; } = "";

    [Parameter("address", "settler", 4)]
    public string Settler { get; set; } = "";

    [Parameter("address", "guardian", 5)]
    public string Guardian { get; set; } = "";

    [Parameter("address", "nmr", 6)]
    public string Nmr { get; set; } = "";

    /// <summary>The generation of Numerai's staking contracts, on the factory's list, that deploys the vault's first staker.</summary>
    [Parameter("address", "stakers", 7)]
    public string Stakers { get; set; } = "";

    [Parameter("uint256", "tournament", 8)]
    public BigInteger Tournament { get; set; }

    [Parameter("bytes32", "modelId", 9)]
    public byte[] ModelId { get; set; } = [];

    [Parameter("uint64", "firstCut", 10)]
    public ulong FirstCut { get; set; }

    [Parameter("uint64", "window", 11)]
    public ulong Window { get; set; }

    public DateTimeOffset FirstCutTime => DateTimeOffset.FromUnixTimeSeconds((long)FirstCut);

    public bool HasGuardian => !Guardian.IsAnEmptyAddress() && !Guardian.IsTheSameAddress(AddressUtil.ZERO_ADDRESS);

    public TimeSpan WindowTime => TimeSpan.FromSeconds(Window);
}

/// <summary>VaultFactory: deploys a vault and its staker.</summary>
[Function("create", "address")]
public sealed class CreateVaultFunction : FunctionMessage
{
    [Parameter("tuple", "params", 1)]
    public CreateVault Vault { get; set; } = new();
}

[Event("VaultCreated")]
public sealed class VaultCreatedEvent : IEventDTO
{
    [Parameter("address", "vault", 1, true)]
    public string Vault { get; set; } = "";

    [Parameter("address", "owner", 2, true)]
    public string Owner { get; set; } = "";

    [Parameter("uint256", "tournament", 3, false)]
    public BigInteger Tournament { get; set; }

    [Parameter("bytes32", "modelId", 4, false)]
    public byte[] ModelId { get; set; } = [];
}

/// <summary>The factory of a vault's notices.</summary>
[Function("factory", "address")]
public sealed class FactoryOfFunction : FunctionMessage;

/// <summary>The reader of the factory's vaults.</summary>
[Function("reader", "address")]
public sealed class ReaderOfFunction : FunctionMessage;

/// <summary>The curator: a generation of Numerai's staking contracts, on the list 14 days later.</summary>
[Function("announce")]
public sealed class AnnounceStakersFunction : FunctionMessage
{
    [Parameter("address", "next", 1)]
    public string Next { get; set; } = "";
}

[Function("isListed", "bool")]
public sealed class IsListedFunction : FunctionMessage
{
    [Parameter("address", "stakers", 1)]
    public string Stakers { get; set; } = "";
}

/// <summary>Since when, or from when on, a generation of stakers is on the list, UTC seconds; 0: it was never announced.</summary>
[Function("listedAt", "uint256")]
public sealed class ListedAtFunction : FunctionMessage
{
    [Parameter("address", "stakers", 1)]
    public string Stakers { get; set; } = "";
}

/// <summary>The NMR that a generation of stakers stakes; one that makes accounts at Numerai doesn't say.</summary>
[Function("nmr", "address")]
public sealed class NmrOfStakersFunction : FunctionMessage;

[Event("StakersAnnounced")]
public sealed class StakersAnnouncedEvent : IEventDTO
{
    [Parameter("address", "stakers", 1, true)]
    public string Stakers { get; set; } = "";

    /// <summary>UTC seconds.</summary>
    [Parameter("uint256", "listedAt", 2, false)]
    public BigInteger ListedAt { get; set; }
}
