using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>What of a holding is staked in an open round, and what of that the round could still burn.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RoundPart(Round Round, Nmr Stake, Nmr AtRisk);

/// <summary>In which state units are.</summary>
public enum HoldingState
{
    /// <summary>They join at the next settlement.</summary>
    Waiting,
    Live,

    /// <summary>They left; open rounds still hold a part of them, or something is still to be paid.</summary>
    Leaving,
}

/// <summary>
/// A backer's units of one class: waiting, a live series or a tranche. Amounts are of all these units together. Two sums hold to the wei:
/// worth = waiting + at risk + for the owner + staying + releasable + payable; price + result + cover = worth + paid + owner's share + upfront fee.
/// </summary>
public sealed record Holding
{
    public required HoldingState State { get; init; }

    /// <summary>Of waiting units: the series that they become at the next settlement.</summary>
    public required SeriesId Series { get; init; }

    /// <summary>Null unless they are leaving.</summary>
    public Week? ExitWeek { get; init; }

    public required Units Units { get; init; }

    /// <summary>What of live units is asked out at the next settlement.</summary>
    public Units AskedOut { get; init; }

    /// <summary>units·unitSize.</summary>
    public required Nmr Price { get; init; }

    /// <summary>c: the gross result since entry.</summary>
    public Nmr Result { get; init; }

    /// <summary>b: received from the reserve.</summary>
    public Nmr Cover { get; init; }

    /// <summary>a: the profit share that the owner has taken.</summary>
    public Nmr OwnerShare { get; init; }

    /// <summary>What the owner has taken of the upfront fee.</summary>
    public Nmr UpfrontFee { get; init; }

    /// <summary>p + d: what these units were paid, whoever held them.</summary>
    public Nmr Paid { get; init; }

    /// <summary>v + y − p.</summary>
    public required Nmr Worth { get; init; }

    public Nmr Waiting => State == HoldingState.Waiting ? Worth : Nmr.Zero;

    /// <summary>What open rounds could still burn.</summary>
    public Nmr AtRisk { get; init; }

    /// <summary>What of the rest is kept inside for the owner: profit share owed, upfront fee not yet earned, the share at the end.</summary>
    public Nmr ForOwner { get; init; }

    /// <summary>What of live units is in no round and goes on being staked.</summary>
    public Nmr Staying { get; init; }

    /// <summary>What of leaving units could be paid now.</summary>
    public Nmr Releasable { get; init; }

    /// <summary>y: distributed, waiting for cash (continuous only).</summary>
    public Nmr Payable { get; init; }

    /// <summary>o and the share at the end: all that is owed to the owner, also what lies in open rounds.</summary>
    public Nmr Owed { get; init; }

    /// <summary>The open rounds in which these units have a part, in their order.</summary>
    public ImmutableArray<RoundPart> Rounds { get; init; } = [];

    internal static Holding OfWaiting(WaitingId waiting, Units units, Week joins, Terms terms) => new()
    {
        State = HoldingState.Waiting,
        Series = new(waiting.Terms, joins, waiting.Payout),
        Units = units,
        Price = units * terms.UnitSize,
        Worth = units * terms.UnitSize,
    };

    internal static Holding OfClass(BooksState books, UnitTable table, int slot, Backer backer)
    {
        var (one, unit, terms) = (table.ClassAt(slot), table.States[slot], table.ClassAt(slot).Terms);
        var result = Nmr.FromWei(table.InRounds[slot].Result);
        var there = table.ValueAt(slot) - unit.Paid;
        var atRisk = Nmr.Min(Nmr.FromWei(table.InRounds[slot].Locked), there);
        var owed = unit.OwedInAll + Accounting.Releasable.FeeAtEnd(table, slot);
        var forOwner = Nmr.Min(there - atRisk, owed);
        var rest = there - atRisk - forOwner;
        var fee = terms.UnitSize + unit.Cumulative + result + unit.Cover - table.WorthAt(slot) - unit.Paid - unit.Distributed - unit.OwnerShare;
        Invariants.Hold(!rest.IsNegative && rest == Accounting.Releasable.Of(table, slot), "what of a unit is at risk, for the owner and free is what there is of it", books);
        Invariants.Hold(!fee.IsNegative && fee <= terms.UpfrontFeeOfUnit(), "a unit's price, result and cover are what it is worth, was paid and gave the owner", books);

        var units = one.Holders.Of(backer);
        return new()
        {
            State = one.ExitWeek is null ? HoldingState.Live : HoldingState.Leaving,
            Series = one.Series,
            ExitWeek = one.ExitWeek,
            Units = units,
            AskedOut = one.Leaving.Of(backer),
            Price = units * terms.UnitSize,
            Result = units * (unit.Cumulative + result),
            Cover = units * unit.Cover,
            OwnerShare = units * unit.OwnerShare,
            UpfrontFee = units * fee,
            Paid = units * (unit.Paid + unit.Distributed),
            Worth = units * table.WorthAt(slot),
            AtRisk = units * atRisk,
            ForOwner = units * forOwner,
            Staying = one.ExitWeek is null ? units * rest : Nmr.Zero,
            Releasable = one.ExitWeek is null ? Nmr.Zero : units * rest,
            Payable = units * unit.Payable,
            Owed = units * owed,
            Rounds = [.. RoundsOf(books, table, slot, units)],
        };
    }

    private static List<RoundPart> RoundsOf(BooksState books, UnitTable table, int slot, Units units)
    {
        var parts = new List<RoundPart>();
        for (var round = 0; round < books.OpenRounds.Count; round++)
        {
            if (table.StakeAt(round, slot) is { IsZero: false } stake) parts.Add(new(books.OpenRounds[round].Round, units * stake, units * Nmr.FromWei(books.Locked(stake.Value))));
        }

        return parts;
    }
}
