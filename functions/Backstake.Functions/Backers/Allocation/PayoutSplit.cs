using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Functions.Backers.Allocation;

/// <summary>What of a payment is meant for units: whole units are bought, what is left of a part stays in the wallet.</summary>
/// <param name="Share">⌊payment·bps/10⁴⌋.</param>
/// <param name="UnitSize">Null: the vault offers no such terms.</param>
public sealed record SplitPart(AllocatedPart Part, Nmr Share, Nmr? UnitSize)
{
    /// <summary>⌊share/unitSize⌋, as many as one deposit may hold.</summary>
    public Units Units => UnitSize is { IsPositive: true } each ? new((long)System.Numerics.BigInteger.Min(Units.MostOfAnEvent, Share.Wei / each.Wei)) : Units.Zero;

    public Nmr Price => UnitSize is { } each ? Units * each : Nmr.Zero;
}

/// <summary>A payment, split as its backer signed. To the wei: the wallet's part and the prices are the payment.</summary>
public sealed record PayoutSplit(Nmr Payment, IReadOnlyList<SplitPart> Parts)
{
    /// <summary>Its own part, and what no whole unit could be bought for.</summary>
    public Nmr Wallet => Parts.Aggregate(Payment, (left, part) => left - part.Price);

    /// <param name="unitSizeOf">Of a part; null: no such terms are on offer.</param>
    public static PayoutSplit Of(Nmr payment, PayoutAllocation allocation, Func<AllocatedPart, Nmr?> unitSizeOf) =>
        new(payment, [.. allocation.Parts.Select(part => new SplitPart(part, Nmr.MulDivFloor(payment, new BasisPoints(part.Bps)), unitSizeOf(part)))]);
}
