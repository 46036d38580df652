namespace Backstake.Accounting;

/// <summary>settle(week): the rules of ACCOUNTING.md 4 in their order, each a file beside this one.</summary>
internal static class Settlements
{
    public static Refusal? Settle(BooksState books, Settle settle, out Settlement? settlement)
    {
        settlement = null;
        if (settle.Week.Number != books.LastWeek.Number + 1L) return Refusal.WeekOutOfOrder;

        Invariants.Hold(books.SumOfUnits() == (books.UnitsWorth, books.UnitsFree), "the running totals of the units", books);
        books.LastWeek = settle.Week;
        TakeIn(books.Series);
        TakeIn(books.Tranches);
        DebtOfTheHouse.Bear(books);
        OwnersShare.TakeAll(books);
        FinalSettlement.SettleAll(books);
        Leavers.Leave(books);
        var givenBack = Joiners.Join(books);
        var payments = new Payments(givenBack);
        payments.PayAll(books);
        var instruction = books.Regime.Instruct(books);
        books.HouseSpare = Nmr.OrZero(books.House - books.HouseLeaving - books.RequiredHouse);

        settlement = new Settlement
        {
            Entry = Report.EntryOf(books, instruction, payments.ByReceiver()),
            Lines = Report.LinesOf(books),
            HousePaid = payments.HousePaid,
            ReservePaid = payments.ReservePaid,
            DepositsGivenBack = givenBack,
        };
        RemovePaidInFull(books.Tranches);
        (books.UnitsWorth, books.UnitsFree) = books.SumOfUnits();
        Invariants.CheckInFull(books);
        Invariants.Hold(!books.House.IsNegative || !books.UnitsWorth.IsPositive, "after a settlement house ≥ 0 unless nothing is left at all", books);
        return null;
    }

    /// <summary>What rounds gave since the last settlement is now in v, c and g.</summary>
    private static void TakeIn(UnitTable table)
    {
        var units = table.Change();
        var inRounds = table.ChangeInRounds();
        for (var slot = 0; slot < units.Length; slot++)
        {
            ref var unit = ref units[slot];
            var result = Nmr.FromWei(inRounds[slot].Result);
            unit.Value += result;
            unit.Cumulative += result;
            unit.SinceSettlement += result;
            unit.PaidNow = Nmr.Zero;
            unit.CoverNow = Nmr.Zero;
            inRounds[slot].Result = 0;
        }
    }

    private static void RemovePaidInFull(UnitTable tranches)
    {
        foreach (var slot in tranches.Order.ToArray())
        {
            if (tranches.States[slot].PaidInFull) tranches.Remove(slot);
        }
    }
}
