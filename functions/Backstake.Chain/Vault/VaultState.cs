using System.Numerics;

namespace Backstake.Chain.Vault;

/// <summary>What a vault was created with; never changes. Addresses with their checksums.</summary>
public sealed record VaultIdentity(
    string Owner, string Committer, string StakerKey, string Settler, string Guardian, string Nmr, string Staker, int Tournament, byte[] ModelId,
    DateTimeOffset FirstCut, TimeSpan Window);

/// <summary>Where a vault's NMR is, wei (CONTRACT.md "Decided" 12).</summary>
/// <param name="Waiting">Deposits and house whose cut is still to come.</param>
/// <param name="Joining">Deposits and house whose cut has passed, not accepted yet.</param>
public sealed record VaultMoney(
    BigInteger Free, BigInteger Waiting, BigInteger Joining, BigInteger Promised, BigInteger Staked, BigInteger StakeLimit, BigInteger Reserve,
    BigInteger ReserveLocked, BigInteger ReserveDue, BigInteger HouseDue, BigInteger HouseSpare);

/// <summary>Where a vault is in its weeks.</summary>
/// <param name="Current">The settlement that an act in this block belongs to.</param>
/// <param name="LastAccepted">0: none yet.</param>
/// <param name="Collects">How many rounds have come home.</param>
/// <param name="Proposal">Null: nothing is proposed.</param>
public sealed record VaultWeeks(uint Current, uint LastAccepted, uint Collects, VaultProposal? Proposal);

/// <summary>A proposed settlement, and from when it can be accepted.</summary>
public sealed record VaultProposal(uint Week, byte[] Content, DateTimeOffset AcceptableAt);
