using Xunit;

namespace Backstake.Accounting.Tests.Statements;

/// <summary>Statements of weeks, on histories small enough to work out by hand.</summary>
public sealed class BackerLedgerTests
{
    private static readonly Terms Weekly = TestVault.Plain with { Crystallisation = Crystallisation.Weekly };

    private readonly BackerLedger _ledger = new(new TestVault().With(Weekly).Books, TestVault.Anna);

    private WeekStatement? Do(params VaultEvent[] events)
    {
        WeekStatement? statement = null;
        foreach (var one in events) statement = _ledger.Apply(one);
        return statement;
    }

    private WeekStatement Settle() => Do(new Settle(_ledger.Books.LastWeek + 1))!;

    private static Deposit Buy(Backer backer, int units) => new(backer, TestVault.T1, new Units(units));

    [Fact]
    public void AWeek_HoldsWhatCameWhatItBroughtAndWhatIsLeft()
    {
        Do(Buy(TestVault.Anna, 3), new CancelDeposit(TestVault.Anna, TestVault.T1, new Units(1)), Buy(TestVault.Bert, 2));
        var first = Settle();
        var line = Assert.Single(first.Lines);
        Assert.Equal(("0", "300", "100", "200", 2), ($"{line.Opening}", $"{line.Bought}", $"{line.TakenBack}", $"{line.Closing}", line.Units.Count));
        Assert.Equal([MovementKind.Deposit, MovementKind.CancelDeposit], first.Movements.Select(movement => movement.Kind));

        // The vault of four units wins 40; Anna's two bring her 20, half of which is owed and paid at once (no claw-back weeks).
        Do(new Close(new Round(1)), new Resolve(new Round(1), Nmr.FromNmr(40)));
        line = Assert.Single(Settle().Lines);
        Assert.Equal(("200", "20", "10", "10", "210"), ($"{line.Opening}", $"{line.Result}", $"{line.OwnerShare}", $"{line.Income}", $"{line.Closing}"));

        Do(new Exit(TestVault.Anna, TestVault.SeriesOf(1), new Units(1)));
        var third = Settle();
        Assert.Equal(("210", "105", "105", 2), ($"{third.Opening}", $"{third.Paid}", $"{third.Closing}", third.Lines[0].Units.Count));
        Assert.Equal("105", $"{Settle().Opening}");
    }

    [Fact]
    public void UnitsHandedOn_TakeWhatTheyBroughtUntilThen_WithThem()
    {
        Do(Buy(TestVault.Anna, 2));
        Settle();
        // +10 a unit while Anna has two; −4 a unit while she has one.
        Do(new Close(new Round(1)), new Close(new Round(2)), new Resolve(new Round(1), Nmr.FromNmr(20)),
            new Transfer(TestVault.Anna, TestVault.Bert, TestVault.SeriesOf(1), new Units(1)), new Resolve(new Round(2), Nmr.FromNmr(-8)));
        var line = Assert.Single(Settle().Lines);
        // The week brought each unit 6, of which half is owed and taken; the owner's share of Bert's unit is his.
        Assert.Equal(("110", "16", "3", "103"), ($"{line.HandedOn}", $"{line.Result}", $"{line.OwnerShare}", $"{line.Closing}"));
    }

    [Fact]
    public void UnitsFromAnother_ComeAtWhatTheyAreWorth()
    {
        Do(Buy(TestVault.Bert, 2));
        Settle();
        Do(new Close(new Round(1)), new Resolve(new Round(1), Nmr.FromNmr(20)), new Transfer(TestVault.Bert, TestVault.Anna, TestVault.SeriesOf(1), new Units(1)));
        var statement = Settle();
        var line = Assert.Single(statement.Lines);
        Assert.Equal(("110", "0", "5", "105"), ($"{line.Received}", $"{line.Result}", $"{line.OwnerShare}", $"{line.Closing}"));
        Assert.Equal(new Movement(MovementKind.TransferIn, TestVault.SeriesOf(1), new Units(1), Nmr.FromNmr(110), TestVault.Bert, null), Assert.Single(statement.Movements));
    }

    [Fact]
    public void AVaultThatWindsDown_GivesWaitingDepositsBack()
    {
        Do(new WindDown());
        Assert.Null(Do(Buy(TestVault.Anna, 1))); // refused: it changes nothing
        Assert.True(Settle().IsEmpty);

        var late = new BackerLedger(new TestVault().With(Weekly).Deposit(TestVault.Anna).Do(new WindDown()).Books, TestVault.Anna);
        var line = Assert.Single(late.Apply(new Settle(new Week(1)))!.Lines);
        Assert.Equal(("100", "100", "0"), ($"{line.Opening}", $"{line.Paid}", $"{line.Closing}"));
    }

    [Fact]
    public void Movements_CarryTheirOrigin()
    {
        var origin = new EventOrigin(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), "0xfeed");
        _ledger.Apply(Buy(TestVault.Anna, 1), origin);
        Assert.Same(origin, Assert.Single(Settle().Movements).Origin);
    }
}
