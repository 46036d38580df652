using Xunit;
using static Backstake.Accounting.Tests.TestVault;

namespace Backstake.Accounting.Tests;

public sealed class BackingTests
{
    private static readonly Terms Covered = Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };

    [Theory] // house, units under a house minimum of 10 %: 10 NMR of spare a unit
    [InlineData("30", 3, true)]
    [InlineData("29.999999999999999999", 3, false)]
    [InlineData("30", 4, false)]
    public void ADeposit_NeedsSpare_AndTakesIt(string house, int units, bool allowed)
    {
        var vault = new TestVault().With(Plain with { HouseMinBps = new BasisPoints(1_000) }).House(house);
        vault.Answers(new Deposit(Anna, T1, new Units(units)), allowed ? null : Refusal.HouseTooSmall);
        Assert.Equal(allowed ? Nmr.Zero : N(house), vault.Books.HouseSpare);
    }

    [Fact]
    public void TheSpareOfAUnit_IsRoundedUp()
    {
        var terms = Plain with { UnitSize = N("100") + new Nmr(1), HouseMinBps = new BasisPoints(1_000) };
        new TestVault().With(terms).House("10").Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.HouseTooSmall).Do(new HouseDeposit(new Nmr(1))).Deposit(Anna);
    }

    [Theory] // reserve, units with 50 NMR of cover each
    [InlineData("150", 3, true)]
    [InlineData("149.999999999999999999", 3, false)]
    public void ADeposit_NeedsUnlockedReserve_AndLocksItAtOnce(string reserve, int units, bool allowed)
    {
        var vault = new TestVault().With(Covered).Reserve(reserve);
        vault.Answers(new Deposit(Anna, T1, new Units(units)), allowed ? null : Refusal.ReserveInsufficient);
        Assert.Equal(allowed ? N(reserve) : Nmr.Zero, vault.Books.ReserveLocked);
    }

    [Fact]
    public void ADeposit_IsJudgedInTheOrderOfTheRules()
    {
        var vault = new TestVault().With(Covered with { HouseMinBps = new BasisPoints(1) });
        vault.Refuses(new Deposit(Anna, T2, Units.Zero), Refusal.UnknownTerms);
        vault.Refuses(new Deposit(Anna, T1, Units.Zero), Refusal.UnitsNotPositive);
        vault.Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.HouseTooSmall);
        vault.House("1").Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.ReserveInsufficient);
        vault.Do(new WindDown()).Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.WindingDown).Refuses(new WindDown(), Refusal.WindingDown);
    }

    [Fact]
    public void WithAHouseInDebt_NobodyDeposits_AndTheReserveStays()
    {
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 10_000).With(Plain).House("100").Reserve("50").Settle().Close(1).Deposit(Anna).Settle().Close(2);
        // The house lost its part of both rounds: 100 in the first, 50 of the 100 left of a stake of 200 in the second.
        vault.Resolve(1, "-100").Resolve(2, "-100");
        Assert.Equal(N("-50"), vault.Books.House);
        vault.Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.HouseInDebt).Refuses(new ReserveWithdraw(N("1")), Refusal.HouseInDebt);
        vault.Settle();
        Assert.Equal((Nmr.Zero, Nmr.Zero, N("50")), (vault.Books.House, vault.Books.Reserve, vault.LiveUnit(2).Value));
    }

    [Fact]
    public void ACancelledDeposit_IsPaidAtOnce_AndGivesBackSpareAndReserve()
    {
        var vault = new TestVault().With(Covered with { HouseMinBps = new BasisPoints(1_000) }).House("30").Reserve("100").Deposit(Anna, 2);
        vault.Refuses(new CancelDeposit(Anna, T1, Units.Zero), Refusal.UnitsNotPositive)
            .Refuses(new CancelDeposit(Anna, T2, Units.Zero), Refusal.UnitsNotPositive)
            .Refuses(new CancelDeposit(Anna, T2, new Units(1)), Refusal.NotEnoughUnits)
            .Refuses(new CancelDeposit(Bert, T1, new Units(1)), Refusal.NotEnoughUnits)
            .Refuses(new CancelDeposit(Anna, T1, new Units(1), Payout.Pay), Refusal.NotEnoughUnits)
            .Refuses(new CancelDeposit(Anna, T1, new Units(3)), Refusal.NotEnoughUnits)
            .Do(new CancelDeposit(Anna, T1, new Units(1)));
        Assert.Equal((N("130"), N("20"), N("50")), (vault.Books.Cash, vault.Books.HouseSpare, vault.Books.ReserveLocked));
        vault.Settle().Refuses(new CancelDeposit(Anna, T1, new Units(1)), Refusal.NotEnoughUnits);
        Assert.Equal(Nmr.Zero, vault.PaidTo(Anna));
    }

    [Theory] // entered in week 1 with a lockup of 3: exit asked for after so many settlements
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Exit_IsRefused_UntilTheLockupEnds(int settled, bool allowed)
    {
        var vault = new TestVault().With(Plain with { LockupWeeks = 3 }).Deposit(Anna).Settle(settled);
        vault.Answers(new Exit(Anna, SeriesOf(1), new Units(1)), allowed ? null : Refusal.LockedUp);
    }

    [Fact]
    public void Exit_IsAllowedInTheLockup_WhenWindingDown() =>
        new TestVault().With(Plain with { LockupWeeks = 3 }).Deposit(Anna).Settle().Do(new WindDown()).Exit(Anna, 1);

    [Fact]
    public void Exit_IsJudgedInTheOrderOfTheRules() => new TestVault().With(Plain with { LockupWeeks = 9 }).Deposit(Anna, 2).Settle()
        .Refuses(new Exit(Anna, SeriesOf(2), Units.Zero), Refusal.UnknownSeries)
        .Refuses(new Exit(Anna, SeriesOf(1, payout: Payout.Pay), new Units(1)), Refusal.UnknownSeries)
        .Refuses(new Exit(Anna, SeriesOf(1), Units.Zero), Refusal.UnitsNotPositive)
        .Refuses(new Exit(Anna, SeriesOf(1), new Units(3)), Refusal.NotEnoughUnits)
        .Refuses(new Exit(Bert, SeriesOf(1), new Units(1)), Refusal.NotEnoughUnits)
        .Refuses(new Exit(Anna, SeriesOf(1), new Units(2)), Refusal.LockedUp);

    [Fact]
    public void UnitsAskedOut_CanNeitherBeAskedOutAgainNorMove_UntilTheExitIsCancelled()
    {
        var vault = new TestVault().With(Plain).Deposit(Anna, 3).Settle().Exit(Anna, 1, 2);
        vault.Refuses(new Exit(Anna, SeriesOf(1), new Units(2)), Refusal.NotEnoughUnits)
            .Refuses(new Transfer(Anna, Bert, SeriesOf(1), new Units(2)), Refusal.NotEnoughUnits)
            .Refuses(new CancelExit(Anna, SeriesOf(1), Units.Zero), Refusal.UnitsNotPositive)
            .Refuses(new CancelExit(Anna, SeriesOf(2), new Units(1)), Refusal.NotEnoughUnits)
            .Refuses(new CancelExit(Anna, SeriesOf(1), new Units(3)), Refusal.NotEnoughUnits)
            .Do(new CancelExit(Anna, SeriesOf(1), new Units(1)))
            .Do(new Transfer(Anna, Bert, SeriesOf(1), new Units(2)))
            .Refuses(new Transfer(Anna, Bert, SeriesOf(1), new Units(1)), Refusal.NotEnoughUnits)
            .Settle();
        Assert.Equal(N("100"), vault.PaidTo(Anna));
        Assert.Equal(new Units(2), vault.Books.Series[SeriesOf(1)].Holders.Of(Bert));
    }

    [Fact]
    public void Transfer_IsJudgedInTheOrderOfTheRules() => new TestVault().With(Plain).Deposit(Anna).Settle()
        .Refuses(new Transfer(Anna, Bert, SeriesOf(2), Units.Zero), Refusal.UnknownSeries)
        .Refuses(new Transfer(Anna, Bert, SeriesOf(1), Units.Zero), Refusal.UnitsNotPositive)
        .Refuses(new Transfer(Bert, Anna, SeriesOf(1), new Units(1)), Refusal.NotEnoughUnits)
        .Do(new Transfer(Anna, Anna, SeriesOf(1), new Units(1)));

    [Fact]
    public void ASeriesThatHasLeft_IsUnknown() => new TestVault().With(Plain).Deposit(Anna).Settle().Exit(Anna, 1).Settle()
        .Refuses(new Exit(Anna, SeriesOf(1), new Units(1)), Refusal.UnknownSeries)
        .Refuses(new Transfer(Anna, Bert, SeriesOf(1), new Units(1)), Refusal.UnknownSeries)
        .Refuses(new CancelExit(Anna, SeriesOf(1), new Units(1)), Refusal.NotEnoughUnits);

    [Fact]
    public void TheOwner_TakesBackWhatIsSpare_AtTheSettlement()
    {
        var vault = new TestVault().With(Plain with { HouseMinBps = new BasisPoints(1_000) }).House("30").Deposit(Anna).Settle();
        vault.Refuses(new HouseWithdraw(Nmr.Zero), Refusal.AmountNotPositive)
            .Refuses(new HouseDeposit(Nmr.Zero), Refusal.AmountNotPositive)
            .Refuses(new HouseWithdraw(N("20.000000000000000001")), Refusal.HouseEncumbered)
            .Do(new HouseWithdraw(N("15")))
            .Refuses(new HouseWithdraw(N("5.000000000000000001")), Refusal.HouseEncumbered)
            .Refuses(new Deposit(Anna, T1, new Units(1)), Refusal.HouseTooSmall);
        Assert.Equal(N("30"), vault.Books.House);
        vault.Settle();
        Assert.Equal((N("15"), N("15"), N("5")), (vault.PaidTo(Payment.Owner), vault.Books.House, vault.Books.HouseSpare));
        Assert.Equal((N("15"), Nmr.Zero), (vault.Weeks[^1].HousePaid, vault.Weeks[^1].ReservePaid));
    }

    [Fact]
    public void TheOwner_TakesBackUnlockedReserve_AtTheSettlement()
    {
        var vault = new TestVault().With(Covered).Reserve("80").Deposit(Anna).Settle();
        vault.Refuses(new ReserveWithdraw(Nmr.Zero), Refusal.AmountNotPositive)
            .Refuses(new ReserveDeposit(Nmr.Zero), Refusal.AmountNotPositive)
            .Refuses(new ReserveWithdraw(N("30.000000000000000001")), Refusal.ReserveLocked)
            .Do(new ReserveWithdraw(N("20")))
            .Refuses(new ReserveWithdraw(N("10.000000000000000001")), Refusal.ReserveLocked)
            .Settle();
        Assert.Equal((N("60"), N("20")), (vault.Books.Reserve, vault.Weeks[^1].ReservePaid));
        Assert.Equal(Nmr.Zero, vault.Books.ReserveAsked);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Weeks_AreSettledOneAfterAnother(int week, bool allowed) => new TestVault().Settle().Answers(new Settle(new Week(week)), allowed ? null : Refusal.WeekOutOfOrder);

    [Fact]
    public void Terms_AreKnownOnceAndForAll()
    {
        var books = Books.Open(new VaultSettings("v", Staking.PerRound)).WithTerms(T1, Plain);
        Assert.Single(books.WithTerms(T1, Plain with { }).Terms);
        Assert.Throws<ArgumentException>(() => books.WithTerms(T1, Plain with { LockupWeeks = 1 }));
        Assert.Throws<ArgumentException>(() => books.WithTerms(T2, Plain with { CompoundingWeeks = 521 }));
        Assert.Throws<ArgumentException>(() => books.WithTerms(new TermsId("T 2"), Plain));
    }
}
