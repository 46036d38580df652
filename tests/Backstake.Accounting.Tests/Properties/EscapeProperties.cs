using System.Collections.Immutable;
using Xunit;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>What an escape pays is what the rest of the vault's life would pay if all rounds ended without a result and the vault wound down at the same settlement.</summary>
public sealed class EscapeProperties
{
    [Fact]
    public void AnEscape_PaysWhatAWindDownWithoutResultsPays() => Law.Holds(200, history =>
    {
        var file = WithoutEarlyEnds((history with { PerRound = true }).ToReplayFile());
        var before = file.Events.Aggregate(file.Begin(), (books, vaultEvent) => books.Apply(vaultEvent).Books);
        before = before.WaitingUnits.Aggregate(before, (books, waiting) => Do(books, new CancelDeposit(waiting.Key.Backer, waiting.Key.Terms, waiting.Value, waiting.Key.Payout)).Books);
        var settle = new Settle(before.LastWeek + 1);

        var now = Do(before, settle);
        var values = EscapeValues.Of(now.Books);
        var ending = before.OpenRounds.Keys.Aggregate(before, (books, round) => Do(books, new Resolve(round, Nmr.Zero)).Books);
        if (!ending.IsWindingDown) ending = Do(ending, new WindDown()).Books;
        var ended = Do(ending, settle);

        var holders = now.Books.Series.ToDictionary(one => (one.Key, (Week?)null), one => one.Value.Holders);
        foreach (var (id, tranche) in now.Books.Tranches) holders.Add((id.Series, id.ExitWeek), tranche.Holders);
        var escaping = values.Classes.SelectMany(one => holders[(one.Series, one.ExitWeek)].ByBacker, (one, held) => new Payment(held.Key.Address, held.Value * one.Value));
        Assert.Equal(ByBacker(ended.Settlement!.Payments), ByBacker(now.Settlement!.Payments.Concat(escaping)));
        Assert.Equal(ended.Books.House + ended.Settlement.HousePaid, values.House + now.Settlement.HousePaid);
        Assert.Equal(before.Reserve - ended.Books.Reserve - ended.Settlement.ReservePaid, before.Reserve - now.Books.Reserve - now.Settlement.ReservePaid + values.Cover);
    });

    // Whose term ends within his lockup earns the owner the upfront fee at a settlement, but not when winding down (ACCOUNTING.md 4.2): there the two part for a reason.
    private static ReplayFile WithoutEarlyEnds(ReplayFile file) => file with
    {
        Terms = file.Terms.ToImmutableSortedDictionary(one => one.Key, one => one.Value with { LockupWeeks = Math.Min(one.Value.LockupWeeks, one.Value.CompoundingWeeks) }),
    };

    private static SortedDictionary<string, Nmr> ByBacker(IEnumerable<Payment> payments) => new(payments
        .Where(payment => payment.To != Payment.Owner && !payment.Amount.IsZero)
        .GroupBy(payment => payment.To)
        .ToDictionary(paid => paid.Key, paid => paid.Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount)));

    private static Applied Do(Books books, VaultEvent vaultEvent)
    {
        var applied = books.Apply(vaultEvent);
        Assert.True(applied.Refusal is null, $"{vaultEvent} was refused: {applied.Refusal}");
        return applied;
    }
}
