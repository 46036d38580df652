namespace Backstake.Accounting.Reference;

/// <summary>ACCOUNTING.md 4.2: a tranche with no open round settles with the owner and is covered for its loss.</summary>
internal static class FinalSettlement
{
    public static Books SettleAll(Books books)
    {
        var after = books;
        foreach (var tranche in books.Tranches.Values) after = SettleIfDue(after, tranche);
        return after;
    }

    /// <summary>The books with this tranche in them, finally settled if it is in no open round.</summary>
    public static Books SettleIfDue(Books books, Tranche tranche)
    {
        if (tranche.Final || tranche.Unit.Parts.Length > 0) return books.With(tranche);
        var (unit, terms, week) = (tranche.Unit, tranche.Terms, books.LastWeek);

        var feePaid = Nmr.Zero;
        var feeEarned = !books.IsWindingDown || tranche.Id.ExitWeek >= tranche.Id.Series.EntryWeek + terms.LockupWeeks;
        if (feeEarned) (unit, feePaid) = unit.PayUpfrontFee(unit.Value - unit.Paid);
        if (terms.Crystallisation == Crystallisation.AtEnd) unit = unit.Owe(week, Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps));
        (unit, var entriesPaid) = unit.PayEntries(week.Number, unit.Value - unit.Paid);

        var loss = Nmr.OrZero(-unit.Cumulative);
        var cover = Nmr.Min(Nmr.MulDivFloor(loss, terms.LossShareBps), terms.ReserveOfUnit());
        unit = unit with { UpfrontFee = Nmr.Zero, Entries = [], Value = unit.Value + cover, Cover = cover };

        var after = books.With(tranche with { Unit = unit, Final = true });
        return after with
        {
            House = after.House + (tranche.Units * (feePaid + entriesPaid)),
            Cash = after.Cash + (tranche.Units * cover),
            Reserve = after.Reserve - (tranche.Units * cover),
            ReserveLocked = after.ReserveLocked - (tranche.Units * terms.ReserveOfUnit()),
        };
    }
}
