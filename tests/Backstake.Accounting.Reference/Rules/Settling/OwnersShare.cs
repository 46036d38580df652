namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.1: the owner's share of the week's result is owed or cancelled, and what has waited its weeks is paid.</summary>
internal static class OwnersShare
{
    public static Books TakeAll(Books books)
    {
        var after = books;
        foreach (var series in books.Series.Values)
        {
            var (unit, paid) = Take(books, series.Unit, series.Terms, series.Id.EntryWeek);
            after = after.With(series with { Unit = unit }) with { House = after.House + (series.Units * paid) };
        }

        foreach (var tranche in books.Tranches.Values.Where(tranche => !tranche.Final))
        {
            var (unit, paid) = Take(books, tranche.Unit, tranche.Terms, tranche.Id.Series.EntryWeek);
            after = after.With(tranche with { Unit = unit }) with { House = after.House + (tranche.Units * paid) };
        }

        return after;
    }

    private static (Unit Unit, Nmr Paid) Take(Books books, Unit unit, Terms terms, Week entryWeek)
    {
        var week = books.LastWeek;
        var owedNow = Crystallise(unit, terms);
        var oldestKept = week.Number - terms.ClawBackWeeks;
        unit = unit with { SinceSettlement = Nmr.Zero };
        unit = owedNow.IsNegative ? unit.CancelEntries(-owedNow, oldestKept, week.Number) : unit.Owe(week, owedNow);

        var feePaid = Nmr.Zero;
        if (week >= entryWeek + terms.LockupWeeks && !books.IsWindingDown) (unit, feePaid) = unit.PayUpfrontFee(Nmr.OrZero(unit.Free));
        (unit, var entriesPaid) = unit.PayEntries(oldestKept, Nmr.OrZero(unit.Free));
        return (unit, feePaid + entriesPaid);
    }

    /// <summary>What the owner's share grows by with this settlement; negative: what of it is cancelled.</summary>
    private static Nmr Crystallise(Unit unit, Terms terms) => terms.Crystallisation switch
    {
        Crystallisation.AtEnd => Nmr.Zero,
        Crystallisation.Weekly => unit.SinceSettlement.IsNegative
            ? -Nmr.MulDivFloor(-unit.SinceSettlement, terms.ProfitShareBps)
            : Nmr.MulDivFloor(unit.SinceSettlement, terms.ProfitShareBps),
        Crystallisation.WeeklyHighWater => Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps) - unit.OwnerShare - unit.Owed,
        _ => throw new InvalidOperationException($"Crystallisation {terms.Crystallisation} has no rule."),
    };
}
