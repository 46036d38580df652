namespace Backstake.Accounting;

/// <summary>What may leave a unit now (ACCOUNTING.md 4.5).</summary>
internal static class Releasable
{
    /// <summary>max(0, u − o − fee).</summary>
    public static Nmr Of(UnitTable table, int slot) => Nmr.OrZero(table.FreeAt(slot) - table.States[slot].OwedInAll - FeeAtEnd(table, slot));

    /// <summary>What of it a live pay unit distributes: no more than its profit above the unit size.</summary>
    public static Nmr ProfitOf(UnitTable table, int slot)
    {
        var terms = table.ClassAt(slot).Terms;
        var principal = terms.UnitSize - terms.UpfrontFeeOfUnit();
        var profit = Nmr.OrZero(table.ValueAt(slot) - table.States[slot].OwedInAll - FeeAtEnd(table, slot) - principal);
        return Nmr.Min(Of(table, slot), profit);
    }

    /// <summary>The share of a profit that is only worked out at the end, if that were now.</summary>
    public static Nmr FeeAtEnd(UnitTable table, int slot)
    {
        var terms = table.ClassAt(slot).Terms;
        ref readonly var unit = ref table.States[slot];
        return terms.Crystallisation == Crystallisation.AtEnd && !unit.Final ? Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative + Nmr.FromWei(table.InRounds[slot].Result)), terms.ProfitShareBps) : Nmr.Zero;
    }
}
