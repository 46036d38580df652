using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>Moves the cuts from a week on, with 14 days' notice (CONTRACT.md "Decided" 1).</summary>
[Function("moveCut")]
public sealed class MoveCutFunction : FunctionMessage
{
    [Parameter("uint32", "fromWeek", 1)]
    public uint FromWeek { get; set; }

    /// <summary>Seconds from the calendar of creation, less than 3 days either way.</summary>
    [Parameter("int32", "shift", 2)]
    public int Shift { get; set; }
}

/// <summary>Owner or guardian.</summary>
[Function("revokeCutMove")]
public sealed class RevokeCutMoveFunction : FunctionMessage;

/// <summary>Names a listed generation of stakers, which can be adopted 14 days later.</summary>
[Function("announceStaker")]
public sealed class AnnounceStakerFunction : FunctionMessage
{
    [Parameter("address", "next", 1)]
    public string Next { get; set; } = "";
}

/// <summary>Owner or guardian.</summary>
[Function("revokeStaker")]
public sealed class RevokeStakerFunction : FunctionMessage;

[Function("adoptStaker")]
public sealed class AdoptStakerFunction : FunctionMessage;

[Function("announced", typeof(AnnouncedOutput))]
public sealed class AnnouncedFunction : FunctionMessage;

/// <summary>The generation of stakers that the owner announced; zeros: none.</summary>
[FunctionOutput]
public sealed class AnnouncedOutput : IFunctionOutputDTO
{
    [Parameter("address", "next", 1)]
    public string Next { get; set; } = "";

    /// <summary>UTC seconds; the settlement of that week has to be accepted, too.</summary>
    [Parameter("uint64", "adoptableAt", 2)]
    public ulong AdoptableAt { get; set; }
}

/// <summary>The cuts from that week on, seconds from the calendar of creation.</summary>
[Event("CutMoved")]
public sealed class CutMovedEvent : IVaultEvent
{
    [Parameter("uint32", "fromWeek", 1, true)]
    public uint FromWeek { get; set; }

    [Parameter("int32", "shift", 2, false)]
    public int Shift { get; set; }
}

[Event("CutMoveRevoked")]
public sealed class CutMoveRevokedEvent : IVaultEvent
{
    [Parameter("uint32", "fromWeek", 1, true)]
    public uint FromWeek { get; set; }
}

[Event("StakerAnnounced")]
public sealed class StakerAnnouncedEvent : IVaultEvent
{
    [Parameter("address", "next", 1, false)]
    public string Next { get; set; } = "";

    [Parameter("uint64", "adoptableAt", 2, false)]
    public ulong AdoptableAt { get; set; }
}

[Event("StakerRevoked")]
public sealed class StakerRevokedEvent : IVaultEvent;

[Event("StakerAdopted")]
public sealed class StakerAdoptedEvent : IVaultEvent
{
    [Parameter("address", "staker", 1, false)]
    public string Staker { get; set; } = "";
}
