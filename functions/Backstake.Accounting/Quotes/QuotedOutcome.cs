using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>What an assumed result gives both sides in the end. Amounts are of all units of the ask together.</summary>
public sealed record QuotedOutcome
{
    /// <summary>What each assumed round returns on its stake, in bps: −10,000 … 10,000.</summary>
    public required int ReturnBps { get; init; }

    /// <summary>What the rounds bring the units or burn of them, before any share: c.</summary>
    public required Nmr Result { get; init; }

    /// <summary>What the backer gets in all.</summary>
    public required Nmr Paid { get; init; }

    /// <summary>What of that is more than the backer paid, or less.</summary>
    public Nmr Gain => Result - OwnerGain;

    /// <summary>The owner's share of the profit: a.</summary>
    public required Nmr OwnerShare { get; init; }

    /// <summary>What the owner earned of the upfront fee.</summary>
    public required Nmr UpfrontFee { get; init; }

    /// <summary>What the owner's reserve gives: b.</summary>
    public required Nmr Cover { get; init; }

    /// <summary>The loss share would have asked for more than the reserve had locked.</summary>
    public required bool IsCoverExhausted { get; init; }

    /// <summary>The settlement that pays the last of it.</summary>
    public required Week LastPaid { get; init; }

    /// <summary>The assumed future, from the books that were quoted: whoever folds it books the numbers above.</summary>
    public required ImmutableArray<VaultEvent> Events { get; init; }

    /// <summary>What the owner gets of these units, less what the owner pays for them.</summary>
    public Nmr OwnerGain => OwnerShare + UpfrontFee - Cover;

    /// <param name="settlement">It settled the units finally, or had done so before, and paid the last of them.</param>
    internal static QuotedOutcome Of(int returnBps, Units units, Terms terms, Settlement settlement, TrancheId tranche, ImmutableArray<VaultEvent> events)
    {
        var last = settlement.EntryOf(tranche);
        var ofUnit = last.Distributed + last.Paid;
        return new()
        {
            ReturnBps = returnBps,
            Result = units * last.Cumulative,
            Paid = units * ofUnit,
            OwnerShare = units * last.OwnerShare,
            // What a unit began with and what became of it is known: the rest is the fee.
            UpfrontFee = units * (terms.UnitSize + last.Cumulative + last.Cover - last.OwnerShare - ofUnit),
            Cover = units * last.Cover,
            IsCoverExhausted = Nmr.MulDivFloor(Nmr.OrZero(-last.Cumulative), terms.LossShareBps) > last.Cover,
            LastPaid = settlement.Week,
            Events = events,
        };
    }
}
