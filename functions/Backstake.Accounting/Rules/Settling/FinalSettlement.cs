namespace Backstake.Accounting;

/// <summary>ACCOUNTING.md 4.2: a tranche with no open round settles with the owner and is covered for its loss.</summary>
internal static class FinalSettlement
{
    public static void SettleAll(BooksState books)
    {
        foreach (var slot in books.Tranches.Order) SettleIfDue(books, slot);
    }

    /// <summary>Settles a tranche finally if it is in no open round.</summary>
    public static void SettleIfDue(BooksState books, int slot)
    {
        ref var unit = ref books.Tranches.Change()[slot];
        if (unit.Final || books.Tranches.IsInARound(slot)) return;
        var (tranche, units, week) = (books.Tranches.ClassAt(slot), books.Tranches.UnitsAt(slot), books.LastWeek);
        var terms = tranche.Terms;

        var feePaid = Nmr.Zero;
        var feeEarned = !books.IsWindingDown || tranche.ExitWeek >= tranche.Series.EntryWeek + terms.LockupWeeks;
        if (feeEarned) feePaid = unit.PayUpfrontFee(unit.Value - unit.Paid);
        if (terms.Crystallisation == Crystallisation.AtEnd) unit.Owe(week, Nmr.MulDivFloor(Nmr.OrZero(unit.Cumulative), terms.ProfitShareBps));
        var entriesPaid = unit.PayEntries(week.Number, unit.Value - unit.Paid);
        unit.WriteOffOwed();

        var loss = Nmr.OrZero(-unit.Cumulative);
        var cover = Nmr.Min(Nmr.MulDivFloor(loss, terms.LossShareBps), tranche.ReserveOfUnit);
        unit.Value += cover;
        unit.Cover = cover;
        unit.CoverNow = cover;
        unit.Final = true;

        books.House += units * (feePaid + entriesPaid);
        books.Cash += units * cover;
        books.Reserve -= units * cover;
        books.ReserveLocked -= units * tranche.ReserveOfUnit;
    }
}
