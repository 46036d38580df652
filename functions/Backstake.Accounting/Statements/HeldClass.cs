namespace Backstake.Accounting;

/// <summary>What happened to one unit of a class since its entry, and what it is worth.</summary>
internal sealed record HeldClass(SeriesId Series, Week? ExitWeek, Nmr Cumulative, Nmr Cover, Nmr OwnerShare, Nmr UpfrontFee, Nmr Paid, Nmr Worth)
{
    public (SeriesId Series, Week? ExitWeek) Key => (Series, ExitWeek);

    public static HeldClass Of(UnitTable table, int slot)
    {
        var (one, unit) = (table.ClassAt(slot), table.States[slot]);
        return Of(one.Series, one.ExitWeek, one.Terms, unit.Cumulative + Nmr.FromWei(table.InRounds[slot].Result), unit.Cover, unit.OwnerShare, unit.Paid + unit.Distributed, table.WorthAt(slot));
    }

    public static HeldClass Of(ClassEntry entry, Terms terms) => Of(
        entry.Series, entry.ExitWeek, terms, entry.Cumulative, entry.Cover, entry.OwnerShare, entry.Paid + entry.Distributed, entry.UnitValue + entry.Payable - entry.Paid);

    /// <summary>Price, result and cover are what the unit is worth, was paid and gave the owner: so the upfront fee taken is the rest.</summary>
    private static HeldClass Of(SeriesId series, Week? exitWeek, Terms terms, Nmr cumulative, Nmr cover, Nmr ownerShare, Nmr paid, Nmr worth) =>
        new(series, exitWeek, cumulative, cover, ownerShare, terms.UnitSize + cumulative + cover - worth - paid - ownerShare, paid, worth);
}
