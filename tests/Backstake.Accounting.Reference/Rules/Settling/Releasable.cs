namespace Backstake.Accounting.Reference;

/// <summary>What may leave a unit now (ACCOUNTING.md 4.5).</summary>
internal static class Releasable
{
    /// <summary>max(0, u − o − fee).</summary>
    public static Nmr Of(Unit unit, Terms terms, bool final) => Nmr.OrZero(unit.Free - unit.OwedInAll - FeeAtEnd(unit, terms, final));

    /// <summary>What of it a live pay unit distributes: no more than its profit above the unit size.</summary>
    public static Nmr ProfitOf(Unit unit, Terms terms)
    {
        var principal = terms.UnitSize - terms.UpfrontFeeOfUnit();
        var profit = Nmr.OrZero(unit.Value - unit.OwedInAll - FeeAtEnd(unit, terms, final: false) - principal);
        return Nmr.Min(Of(unit, terms, final: false), profit);
    }

    private static Nmr FeeAtEnd(Unit unit, Terms terms, bool final) =>
        terms.Crystallisation == Crystallisation.AtEnd && !final ? Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps) : Nmr.Zero;
}
