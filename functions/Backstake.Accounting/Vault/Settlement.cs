using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>The one thing that a settlement says about the stake (ACCOUNTING.md 4.6).</summary>
public abstract record Instruction
{
    private protected Instruction()
    {
    }
}

/// <summary>What a round of the coming week stakes at most, and usually exactly.</summary>
public sealed record PerRoundStake(Nmr Amount) : Instruction;

public sealed record ContinuousChange(Nmr CancelRelease, Nmr Increase, Nmr Release) : Instruction;

/// <summary>Money of a settlement to a receiver: a backer's address, or <see cref="Owner"/>.</summary>
public readonly record struct Payment(string To, Nmr Amount)
{
    public const string Owner = "owner";
}

/// <summary>
/// What a settlement did to one class: a tranche, or with ExitWeek null a live <c>pay</c> series. All amounts are of one unit, in wei.
/// </summary>
/// <param name="Paid">A unit's lifetime total: distributed + paid as a leaver.</param>
/// <param name="PaidNow">What of it this settlement paid.</param>
/// <param name="Cover">Cover from the reserve that this settlement gave.</param>
/// <param name="Final">Settled finally: no round can move it any more.</param>
/// <param name="PaidInFull">Final, and nothing is left to pay.</param>
public sealed record ClassLine(SeriesId Series, Week? ExitWeek, Units Units, Holdings Holders, Nmr Paid, Nmr PaidNow, Nmr Cover, bool Final, bool PaidInFull);

/// <summary>What a settlement did, beside the books after it.</summary>
public sealed record Settlement
{
    /// <summary>The week's entry of the published books (ACCOUNTING.md 6).</summary>
    public required WeekEntry Entry { get; init; }

    public Week Week => Entry.Week;

    public Instruction Instruction => Entry.Instruction;

    /// <summary>Summed by receiver, sorted, without zeros.</summary>
    public ImmutableArray<Payment> Payments => Entry.Payments;

    public Nmr HouseSpare => Entry.HouseSpare;

    /// <summary>All tranches and live pay series, in the order of the books, also those to which nothing happened.</summary>
    public required ImmutableArray<ClassLine> Lines { get; init; }

    /// <summary>The line of a tranche that isn't gone yet.</summary>
    internal ClassLine LineOf(TrancheId tranche) => Lines.Single(line => line.Series == tranche.Series && line.ExitWeek == tranche.ExitWeek);

    internal ClassEntry EntryOf(TrancheId tranche) => Entry.Series.Single(entry => entry.Series == tranche.Series && entry.ExitWeek == tranche.ExitWeek);

    /// <summary>What the owner gets of the house.</summary>
    public required Nmr HousePaid { get; init; }

    /// <summary>What the owner gets of the reserve.</summary>
    public required Nmr ReservePaid { get; init; }

    /// <summary>Waiting deposits of a vault that winds down, by backer; they are among the payments.</summary>
    public required ImmutableArray<Payment> DepositsGivenBack { get; init; }
}
