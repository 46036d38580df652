using Xunit;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>ACCOUNTING.md 5, and what follows from it, over random histories of both regimes.</summary>
public sealed class InvariantProperties
{
    [Fact]
    public void TheInvariants_HoldAfterEveryEvent_AndARefusedEventChangesNothing() => Law.Holds(300, history =>
    {
        var file = history.ToReplayFile();
        var books = file.Begin();
        foreach (var vaultEvent in file.Events)
        {
            var applied = books.Apply(vaultEvent);
            if (applied.Refusal is null) Invariants.CheckInFull(applied.Books);
            else Assert.Same(books, applied.Books);
            books = applied.Books;
        }
    });

    /// <summary>Counted from outside: what came in and what went out, and nothing of the books' own arithmetic.</summary>
    [Fact]
    public void EveryWei_CameInAndIsStillThere_OrWasPaid() => Law.Holds(300, history =>
    {
        var file = history.ToReplayFile();
        var books = file.Begin();
        var inside = Nmr.Zero;
        foreach (var vaultEvent in file.Events)
        {
            var applied = books.Apply(vaultEvent);
            if (applied.Refusal is null) inside += CameIn(vaultEvent, file) - WentOut(vaultEvent, file, applied.Settlement);
            books = applied.Books;
            Assert.Equal(inside, books.Stake + books.Cash + books.Reserve);
        }
    });

    [Fact]
    public void PerRound_PaysEverythingReleasable_AtOnce() => Law.Holds(200, history =>
    {
        foreach (var week in (history with { PerRound = true }).ToReplayFile().Replay().Weeks)
        {
            Assert.All(week.Series, one => Assert.Equal((Nmr.Zero, Nmr.Zero), (one.Releasable, one.Payable)));
            Assert.False(week.House.IsNegative);
        }
    });

    /// <summary>"Nothing leaves a unit that an open round could still burn": with nothing but total burns from here on, nobody who was paid is asked for anything.</summary>
    [Fact]
    public void AfterTotalBurns_NoUnitIsBelowWhatItWasPaid_AndTheHouseOfAPerRoundVaultOwesNothing() => Law.Holds(200, history =>
    {
        var file = history.ToReplayFile();
        var books = file.Events.Aggregate(file.Begin(), (before, vaultEvent) => before.Apply(vaultEvent).Books);
        foreach (var round in books.OpenRounds.Values)
        {
            var burn = Nmr.Min(Nmr.MulDivFloor(round.Stake, books.Vault.MaxBurnBps), books.Stake);
            var applied = books.Apply(new Resolve(round.Round, -burn));
            Assert.Null(applied.Refusal);
            books = applied.Books;
            Invariants.CheckInFull(books);
        }

        Assert.Null(books.Apply(new Settle(books.LastWeek + 1)).Refusal);
    });

    [Fact]
    public void TheChainsLines_AddUpToThePayments() => Law.Holds(200, history =>
    {
        var file = history.ToReplayFile();
        var books = file.Begin();
        foreach (var vaultEvent in file.Events)
        {
            var applied = books.Apply(vaultEvent);
            if (applied.Settlement is { } settlement)
            {
                var lines = settlement.Lines.Aggregate(Nmr.Zero, (sum, line) => sum + (line.Units * line.PaidNow));
                var givenBack = settlement.DepositsGivenBack.Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount);
                var payments = settlement.Payments.Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount);
                Assert.Equal(payments, lines + givenBack + settlement.HousePaid + settlement.ReservePaid);
                var cover = settlement.Lines.Aggregate(Nmr.Zero, (sum, line) => sum + (line.Units * line.Cover));
                if (!books.House.IsNegative) Assert.Equal(books.Reserve - cover - settlement.ReservePaid, applied.Books.Reserve);
                Assert.All(settlement.Lines, line => Assert.False(line.PaidNow.IsNegative || line.Cover.IsNegative));
            }

            books = applied.Books;
        }
    });

    /// <summary>The random histories reach what they are for: otherwise the laws above say little.</summary>
    [Fact]
    public void RandomHistories_ReachEveryRefusal_AndDebts_AndCover()
    {
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var (debts, covers, finals, waitedForCash, accepted, events) = (0, 0, 0, 0, 0, 0);
        Law.Holds(300, history =>
        {
            var file = history.ToReplayFile();
            var books = file.Begin();
            foreach (var vaultEvent in file.Events)
            {
                if (books.House.IsNegative) debts++;
                var applied = books.Apply(vaultEvent);
                events++;
                if (applied.Refusal is { } refusal) refused.Add(refusal.Code);
                else accepted++;
                books = applied.Books;
                if (applied.Settlement is not { } settlement) continue;
                covers += settlement.Lines.Count(line => line.Cover.IsPositive);
                finals += settlement.Lines.Count(line => line.Final);
                waitedForCash += settlement.Entry.Series.Count(one => one.Releasable.IsPositive || one.Payable.IsPositive);
            }
        });

        Assert.Equal(Refusal.All.Select(refusal => refusal.Code).Order(StringComparer.Ordinal), refused.Order(StringComparer.Ordinal));
        Assert.All([debts, covers, finals, waitedForCash], count => Assert.True(count > 20, $"only {(debts, covers, finals, waitedForCash)}"));
        Assert.InRange(accepted * 100 / events, 50, 95);
    }

    private static Nmr CameIn(VaultEvent vaultEvent, ReplayFile file) => vaultEvent switch
    {
        Deposit deposit => deposit.Units * file.Terms[deposit.Terms].UnitSize,
        HouseDeposit deposit => deposit.Amount,
        ReserveDeposit deposit => deposit.Amount,
        Resolve resolve => resolve.Payout,
        _ => Nmr.Zero,
    };

    private static Nmr WentOut(VaultEvent vaultEvent, ReplayFile file, Settlement? settlement) => vaultEvent switch
    {
        CancelDeposit cancel => cancel.Units * file.Terms[cancel.Terms].UnitSize,
        Settle => settlement!.Payments.Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount),
        _ => Nmr.Zero,
    };
}
