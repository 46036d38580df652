namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.1: the owner's share of the week's result is owed or cancelled, and what has waited its weeks is paid.</summary>
internal static class OwnersShare
{
    public static void TakeAll(BooksState books)
    {
        TakeAll(books, books.Series);
        TakeAll(books, books.Tranches);
    }

    private static void TakeAll(BooksState books, UnitTable table)
    {
        var units = table.Change();
        var inRounds = table.InRounds;
        foreach (var slot in table.Order)
        {
            if (units[slot].Final) continue;
            var paid = Take(books, ref units[slot], Nmr.FromWei(inRounds[slot].Locked), table.ClassAt(slot));
            books.House += table.UnitsAt(slot) * paid;
        }
    }

    private static Nmr Take(BooksState books, ref UnitState unit, Nmr locked, UnitClass ofClass)
    {
        var (week, terms) = (books.LastWeek, ofClass.Terms);
        var owedNow = Crystallise(unit, terms);
        var oldestKept = week.Number - terms.ClawBackWeeks;
        unit.SinceSettlement = Nmr.Zero;
        if (owedNow.IsNegative) unit.CancelEntries(-owedNow, oldestKept, week.Number);
        else unit.Owe(week, owedNow);

        var feePaid = Nmr.Zero;
        if (week >= ofClass.Series.EntryWeek + terms.LockupWeeks && !books.IsWindingDown) feePaid = unit.PayUpfrontFee(Nmr.OrZero(unit.Value - unit.Paid - locked));
        return feePaid + unit.PayEntries(oldestKept, Nmr.OrZero(unit.Value - unit.Paid - locked));
    }

    /// <summary>What the owner's share grows by with this settlement; negative: what of it is cancelled.</summary>
    private static Nmr Crystallise(in UnitState unit, Terms terms) => terms.Crystallisation switch
    {
        Crystallisation.AtEnd => Nmr.Zero,
        Crystallisation.Weekly => unit.SinceSettlement.IsNegative
            ? -Nmr.MulDivFloor(-unit.SinceSettlement, terms.ProfitShareBps)
            : Nmr.MulDivFloor(unit.SinceSettlement, terms.ProfitShareBps),
        Crystallisation.WeeklyHighWater => Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps) - unit.OwnerShare - unit.Owed,
        _ => throw new InvalidOperationException($"Crystallisation {terms.Crystallisation} has no rule."),
    };
}
