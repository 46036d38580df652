using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>settle(week): the rules of ACCOUNTING.md 4 in their order, each a file beside this one.</summary>
internal static class Settlements
{
    public static Applied Settle(Books before, Settle settle)
    {
        var week = settle.Week;
        if (week.Number != before.LastWeek.Number + 1L) return Applied.Refused(before, Refusal.WeekOutOfOrder);

        var books = before with { LastWeek = week };
        books = DebtOfTheHouse.Bear(books);
        books = OwnersShare.TakeAll(books);
        books = FinalSettlement.SettleAll(books);
        books = Leavers.Leave(books);
        (books, var givenBack) = Joiners.Join(books);
        var payments = new Payments(givenBack);
        books = payments.PayAll(books);
        (books, var instruction) = books.Regime.Instruct(books);
        books = books with { HouseSpare = Nmr.OrZero(books.House - books.HouseLeaving - books.RequiredHouse) };

        var settlement = new Settlement
        {
            Entry = Report.EntryOf(books, instruction, payments.ByReceiver()),
            Lines = Report.LinesOf(before, books),
            HousePaid = payments.HousePaid,
            ReservePaid = payments.ReservePaid,
            DepositsGivenBack = givenBack,
        };
        foreach (var tranche in books.Tranches.Values.Where(tranche => tranche.PaidInFull).ToImmutableArray()) books = books.Without(tranche);
        Invariants.Hold(!books.House.IsNegative || !books.UnitsWorth.IsPositive, "after a settlement house ≥ 0 unless nothing is left at all", books);
        return Applied.Accepted(books, settlement);
    }
}
