using Xunit;
using static Backstake.Accounting.Tests.TestVault;

namespace Backstake.Accounting.Tests;

/// <summary>ACCOUNTING.md 4, rule by rule, where the examples don't reach both sides of a bound. One unit alone in one round is the whole stake: its result is the round's.</summary>
public sealed class SettlementTests
{
    private static readonly Terms Weekly = Plain with { Crystallisation = Crystallisation.Weekly };

    private static TestVault Alone(Terms terms, Payout payout = Payout.Compound) => new TestVault(concurrentRounds: 1).With(terms).Deposit(Anna, payout: payout).Settle();

    [Theory] // k, weeks between the gain and the loss, what of the share of 5 is left owed or taken
    [InlineData(0, 1, "5")]
    [InlineData(1, 1, "3")]
    [InlineData(1, 2, "5")]
    [InlineData(2, 2, "3")]
    public void ALoss_CancelsTheShare_WithinTheClawBackWeeks(int clawBackWeeks, int weeksBetween, string left)
    {
        var vault = Alone(Weekly with { ClawBackWeeks = clawBackWeeks }).Play(1, "10").Settle(weeksBetween).Play(2, "-4").Settle();
        var unit = vault.LiveUnit();
        Assert.Equal(N(left), unit.OwnerShare + unit.Owed);
    }

    [Fact]
    public void Cancelling_TakesTheNewestEntriesFirst()
    {
        var vault = Alone(Weekly with { ClawBackWeeks = 5 }).Play(1, "10").Settle().Play(2, "10").Settle().Play(3, "-14").Settle();
        Assert.Equal([new Entry(new Week(2), N("3"))], vault.LiveUnit().Entries.AsEnumerable());
    }

    [Fact]
    public void TheShare_IsPaid_WhenItsWeeksAreOver_AndWaitsInsideTheUnitUntilThen()
    {
        var vault = Alone(Weekly with { ClawBackWeeks = 2 }).Play(1, "10").Settle();
        Assert.Equal((N("110"), N("5"), Nmr.Zero), (vault.LiveUnit().Value, vault.LiveUnit().Owed, vault.Books.House));
        vault.Settle();
        Assert.Equal(N("5"), vault.LiveUnit().Owed);
        vault.Settle();
        Assert.Equal((N("105"), Nmr.Zero, N("5"), N("5")), (vault.LiveUnit().Value, vault.LiveUnit().Owed, vault.LiveUnit().OwnerShare, vault.Books.House));
    }

    [Fact]
    public void TheShare_IsPaidOnlyFromWhatIsFree()
    {
        // The gain of 30 is staked again before the week ends: all of 130 is locked then, and the owner waits.
        var vault = new TestVault(concurrentRounds: 2).With(Weekly with { ProfitShareBps = BasisPoints.Whole }).Deposit(Anna).Settle()
            .Close(1).Close(2).Resolve(1, "30").Close(3).Close(4).Settle();
        Assert.Equal((N("130"), N("30"), Nmr.Zero), (vault.LiveUnit().Locked, vault.LiveUnit().Owed, vault.LiveUnit().OwnerShare));
        vault.Resolve(4, "-10").Settle();
        Assert.Equal((N("20"), N("10"), N("100")), (vault.LiveUnit().OwnerShare, vault.LiveUnit().Owed, vault.LiveUnit().Value));
    }

    [Fact]
    public void ThereIsNoShare_OfWhatWasLostBefore_WithAHighWaterMark()
    {
        var vault = Alone(Plain with { Crystallisation = Crystallisation.WeeklyHighWater }).Play(1, "-10").Settle().Play(2, "10").Settle();
        Assert.Equal(Nmr.Zero, vault.Books.House);
        vault.Play(3, "10").Settle();
        Assert.Equal(N("5"), vault.Books.House);
        var weekly = Alone(Weekly).Play(1, "-10").Settle().Play(2, "10").Settle();
        Assert.Equal(N("5"), weekly.Books.House);
    }

    [Fact]
    public void AtEnd_NothingIsOwedBeforeTheEnd_AndAShareOfTheNetGainThen()
    {
        var vault = Alone(Plain).Play(1, "10").Settle();
        Assert.Equal(Nmr.Zero, vault.LiveUnit().Owed);
        vault.Exit(Anna, 1).Settle();
        Assert.Equal((N("105"), N("5")), (vault.PaidTo(Anna), vault.Books.House));
    }

    [Theory] // lockup, settled weeks after entry, the fee of 10 paid?
    [InlineData(0, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    public void TheUpfrontFee_IsEarned_WhenTheLockupIsOver(int lockup, int weeks, bool earned)
    {
        var vault = Alone(Plain with { UpfrontFeeBps = new BasisPoints(1_000), LockupWeeks = lockup }).Settle(weeks);
        Assert.Equal(earned ? N("10") : Nmr.Zero, vault.Books.House);
        Assert.Equal(earned ? Nmr.Zero : N("10"), vault.LiveUnit().UpfrontFee);
    }

    [Theory] // lockup of 3 from week 1: the vault winds down after so many settlements; fee earned?
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void WindingDown_TheFeeIsEarned_OnlyAfterTheLockup(int settled, bool earned)
    {
        var vault = Alone(Plain with { UpfrontFeeBps = new BasisPoints(1_000), LockupWeeks = 3 }).Settle(settled - 1).Do(new WindDown()).Settle();
        Assert.Equal(earned ? N("90") : N("100"), vault.PaidTo(Anna));
    }

    [Fact]
    public void WindingDown_AFeeNotEarnedWhenItsUnitLeft_IsNotEarnedWhileItWaitsForARound()
    {
        var vault = new TestVault(concurrentRounds: 4).With(Plain with { UpfrontFeeBps = new BasisPoints(1_000), LockupWeeks = 3 }).Deposit(Anna).Settle()
            .Close(1).Do(new WindDown()).Settle(4);
        Assert.Equal((N("10"), Nmr.Zero), (vault.ClassOfTheWeek(1, 2).Fee, vault.Books.House));
        vault.Resolve(1, "0").Settle();
        Assert.Equal((N("100"), Nmr.Zero), (vault.PaidTo(Anna), vault.Books.House));
    }

    [Theory] // k, weeks from the gain to the loss, what of the share of 30 is still owed: it can't be paid, since all is staked in rounds that stay open
    [InlineData(0, 1, "30")]
    [InlineData(1, 1, "20")]
    [InlineData(1, 2, "30")]
    [InlineData(2, 2, "20")]
    public void AShareThatIsDueButUnpaid_IsSafe_OnceItsWeeksAreOver(int clawBackWeeks, int weeksBetween, string owed)
    {
        var vault = new TestVault(concurrentRounds: 2).With(Weekly with { ProfitShareBps = BasisPoints.Whole, ClawBackWeeks = clawBackWeeks }).Deposit(Anna).Settle()
            .Close(1).Close(2).Resolve(1, "30").Close(3).Close(4).Settle(weeksBetween);
        vault.Resolve(4, "-10");
        Assert.Equal(N("30"), vault.LiveUnit().Owed);
        vault.Settle();
        Assert.Equal(N(owed), vault.LiveUnit().Owed + vault.LiveUnit().OwnerShare);
    }

    [Theory] // loss in wei: what is cancelled of a share is rounded down
    [InlineData(1, "5")]
    [InlineData(2, "4.999999999999999999")]
    public void WhatALossCancels_IsRoundedDown(int lossWei, string owed)
    {
        var vault = Alone(Weekly with { ClawBackWeeks = 1 }).Play(1, "10").Settle().Close(2).Do(new Resolve(new Round(2), new Nmr(-lossWei))).Settle();
        Assert.Equal(N(owed), vault.LiveUnit().OwnerShare + vault.LiveUnit().Owed);
    }

    [Theory] // loss, l bps, ρ bps, paid
    [InlineData("-20", 5_000, 5_000, "90")]
    [InlineData("-20", 5_000, 1_000, "90")]
    [InlineData("-20", 5_000, 999, "89.99")]
    [InlineData("-100", 10_000, 5_000, "50")]
    [InlineData("-20", 0, 5_000, "80")]
    public void Cover_IsItsPartOfTheLoss_AtMostTheReserveOfTheUnit(string loss, int lossShare, int reserve, string paid)
    {
        var terms = Plain with { LossShareBps = new BasisPoints(lossShare), ReserveBps = new BasisPoints(reserve) };
        var vault = new TestVault(concurrentRounds: 1).With(terms).Reserve("50").Deposit(Anna).Settle().Play(1, loss).Exit(Anna, 1).Settle();
        Assert.Equal(N(paid), vault.PaidTo(Anna));
        Assert.Equal(N(paid) - N("100") - N(loss), vault.Weeks[^1].Lines.Single().Cover);
        Assert.Equal(Nmr.Zero, vault.Books.ReserveLocked);
    }

    [Fact]
    public void WhatALeaverCannotPay_IsWrittenOff()
    {
        // The share of the first gain is owed for 9 weeks; then all is burned.
        var vault = Alone(Weekly with { ClawBackWeeks = 9, ProfitShareBps = BasisPoints.Whole }).Play(1, "10").Settle().Close(2).Resolve(2, "-100").Close(3).Exit(Anna, 1);
        Assert.Equal(N("10"), vault.LiveUnit().Value);
        vault.Settle();
        var one = vault.ClassOfTheWeek(1, 3);
        Assert.Equal((Nmr.Zero, true), (one.Owed, one.Final));
    }

    [Theory] // compoundingWeeks 2, entered in week 1
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void ASeries_Leaves_WhenItsTermHasEnded(int week, bool lives)
    {
        var vault = Alone(Plain with { CompoundingWeeks = 2 }).Settle(week - 1);
        Assert.Equal(lives, vault.Books.Series.ContainsKey(SeriesOf(1)));
        Assert.Equal(lives ? Nmr.Zero : N("100"), vault.PaidTo(Anna));
    }

    [Fact]
    public void ALeaver_IsPaidWhatNoOpenRoundCouldBurn_AndTheRestLater()
    {
        var vault = new TestVault(concurrentRounds: 4).With(Plain).Deposit(Anna).Settle().Close(1).Exit(Anna, 1).Settle();
        Assert.Equal(N("75"), vault.PaidTo(Anna));
        vault.Resolve(1, "0").Settle();
        Assert.Equal(N("100"), vault.PaidTo(Anna));
        Assert.True(vault.Weeks[^1].Lines.Single().PaidInFull);
        Assert.Empty(vault.Books.Tranches);
        Assert.Empty(vault.Settle().Weeks[^1].Entry.Series);
    }

    [Fact]
    public void ALeaverAtEnd_LeavesTheShareOfItsGainSoFar_Inside()
    {
        // 100 + 20: half of the 20 waits; of 110, 30 are staked in the round still open.
        var vault = new TestVault(concurrentRounds: 4).With(Plain).Deposit(Anna).Settle().Play(1, "20").Settle().Close(2).Exit(Anna, 1).Settle();
        Assert.Equal(N("80"), vault.PaidTo(Anna));
    }

    [Fact]
    public void APayUnit_IsPaidItsProfit_AndKeepsItsSize()
    {
        var vault = Alone(Weekly, Payout.Pay).Play(1, "20").Settle();
        Assert.Equal((N("10"), N("100"), N("10")), (vault.PaidTo(Anna), vault.LiveUnit(payout: Payout.Pay).Value, vault.LiveUnit(payout: Payout.Pay).Distributed));
        vault.Play(2, "-20").Settle().Play(3, "10").Settle();
        Assert.Equal(N("10"), vault.PaidTo(Anna));
        Assert.Equal(N("10"), vault.Weeks[^1].Lines.Single().Paid);
        Assert.Equal(Nmr.Zero, vault.Weeks[^1].Lines.Single().PaidNow);
    }

    [Fact]
    public void APayUnit_WithAnUpfrontFee_IsPaidWhatIsAboveItsSizeLessTheFee()
    {
        var vault = Alone(Weekly with { UpfrontFeeBps = new BasisPoints(1_000), LockupWeeks = 4 }, Payout.Pay).Play(1, "20").Settle();
        Assert.Equal((N("10"), N("100")), (vault.PaidTo(Anna), vault.LiveUnit(payout: Payout.Pay).Value));
    }

    [Fact]
    public void EarlierLeavers_AreServedFirst_AndThoseOfAWeekTogether()
    {
        // The stake is bound in round 1; cash of 150 arrives while 100 wait since the week before and 200 want to leave now.
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 0).With(Plain).With(Plain with { UnitSize = N("50") }, T2)
            .Deposit(Anna).Deposit(Bert, 2).Settle().Close(1)
            .Exit(Anna, 1).Settle()
            .Exit(Bert, 1, 2).Deposit(Bert, 3, T2).Settle();
        Assert.Equal((N("100"), N("50")), (vault.PaidTo(Anna), vault.PaidTo(Bert)));
        Assert.Equal((N("75"), N("25")), (vault.ClassOfTheWeek(1, 3).Releasable, vault.ClassOfTheWeek(1, 3).Paid));
    }

    [Fact]
    public void ThoseOfAnExitWeek_ShareTheCash_InProportion_RoundedDown()
    {
        var small = Plain with { UnitSize = N("50") };
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 0).With(Plain).With(small, T2)
            .Deposit(Anna).Deposit(Bert, 1, T2).Settle().Close(1)
            .Exit(Anna, 1).Exit(Bert, 1, 1, T2).House("10").Settle();
        Assert.Equal((N("6.666666666666666666"), N("3.333333333333333333")), (vault.PaidTo(Anna), vault.PaidTo(Bert)));
    }

    [Fact]
    public void PaySeries_ShareTheCash_InProportion_RoundedDown_AndTheRestStaysPayable()
    {
        var terms = Plain with { ProfitShareBps = BasisPoints.Zero };
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 0).With(terms).With(terms with { UnitSize = N("50") }, T2)
            .Deposit(Anna, payout: Payout.Pay).Deposit(Bert, 1, T2, Payout.Pay).Settle().Close(1).Close(2).Resolve(1, "15").House("7").Settle();
        Assert.Equal((N("4.666666666666666666"), N("2.333333333333333333")), (vault.PaidTo(Anna), vault.PaidTo(Bert)));
        Assert.Equal(N("10"), vault.PaidTo(Anna) + vault.LiveUnit(payout: Payout.Pay).Payable);
    }

    [Fact]
    public void WindingDown_GivesWaitingDepositsBack_AndUnlocksTheirReserve()
    {
        var terms = Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };
        var vault = new TestVault().With(terms).House("10").Reserve("100").Deposit(Anna).Settle().Deposit(Bert).Do(new WindDown()).House("5").Settle();
        Assert.Equal((N("100"), N("100"), Nmr.Zero), (vault.PaidTo(Anna), vault.PaidTo(Bert), vault.Books.ReserveLocked));
        Assert.Equal([new Payment(Bert.Address, N("100"))], vault.Weeks[^1].DepositsGivenBack.AsEnumerable());
        Assert.Equal((N("15"), N("15")), (vault.Books.House, vault.Books.Cash));
    }

    [Fact]
    public void TheOwner_IsPaidOnlyWhatIsAboveTheRequiredHouse()
    {
        // Asked for 80 of a spare of 80; then everybody lost half. Of the 50 left, 10 % of the units' 100 must stay.
        var vault = new TestVault(concurrentRounds: 1).With(Plain with { HouseMinBps = new BasisPoints(1_000), ProfitShareBps = BasisPoints.Zero })
            .House("100").Deposit(Anna, 2).Settle().Do(new HouseWithdraw(N("80"))).Close(1).Resolve(1, "-150").Settle();
        Assert.Equal(N("40"), vault.PaidTo(Payment.Owner));
        Assert.Equal((N("10"), N("10")), (vault.Books.House, vault.Books.HouseLeaving));
        Assert.Equal(Nmr.Zero, vault.Books.HouseSpare);
    }

    [Theory] // concurrent rounds, instruction for a house of 100 and a unit of 100
    [InlineData(1, "200")]
    [InlineData(3, "66.666666666666666666")]
    [InlineData(1000, "0.2")]
    public void TheInstruction_IsAPartOfEverybodysValue_RoundedDownForEach(int concurrentRounds, string stake)
    {
        var vault = new TestVault(concurrentRounds: concurrentRounds).With(Plain).House("100").Deposit(Anna).Settle();
        Assert.Equal(new PerRoundStake(N(stake)), vault.Weeks[^1].Instruction);
    }

    [Fact]
    public void Continuous_JoinersCash_PaysLeaversFirst_AndReleasesAreNetted()
    {
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 0).With(Plain).Deposit(Anna, 2).Settle().Close(1).Exit(Anna, 1, 2).Settle();
        Assert.Equal(new ContinuousChange(Nmr.Zero, Nmr.Zero, N("200")), vault.Weeks[^1].Instruction);
        vault.Deposit(Bert).Settle();
        Assert.Equal(new ContinuousChange(N("100"), Nmr.Zero, Nmr.Zero), vault.Weeks[^1].Instruction);
        Assert.Equal(N("100"), vault.PaidTo(Anna));
        vault.Deposit(Bert, 3).Settle();
        Assert.Equal(new ContinuousChange(N("100"), N("200"), Nmr.Zero), vault.Weeks[^1].Instruction);
    }

    [Fact]
    public void Continuous_WithNoRoundOpen_WhatIsNotNeededIsCashAtOnce()
    {
        var vault = new TestVault(Staking.Continuous).With(Plain).House("10").Deposit(Anna).Settle().Exit(Anna, 1).Settle();
        Assert.Equal((N("100"), N("10"), Nmr.Zero), (vault.PaidTo(Anna), vault.Books.Stake, vault.Books.Cash));
    }

    [Fact]
    public void Continuous_ADebt_IsBorneByAllUnits_FromPayableFirst_RoundedUp()
    {
        // Two settled weeks put 300 at stake in round 1 (house 100, three units) and bind it; the same stake loses in two more rounds.
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 10_000).With(Plain).House("100").Settle().Close(1).Deposit(Anna, 3).Settle().Close(2);
        vault.Resolve(1, "-100").Resolve(2, "-100");
        Assert.Equal(N("-25"), vault.Books.House);
        vault.Settle();
        // 25 over three units, rounded up; the house keeps the two wei.
        var each = N("8.333333333333333334");
        Assert.Equal((N("75") - each, N("-25") - each, new Nmr(2)), (vault.LiveUnit(2).Value, vault.LiveUnit(2).Cumulative, vault.Books.House));
    }

    /// <summary>
    /// Three units that joined while the house alone was at stake in rounds 1 and 2, gained 10 each in round 3, and lose nothing themselves when both rounds burn: 110 of the house's
    /// 110, and 15 more.
    /// </summary>
    private static TestVault InDebt(Terms terms, Payout payout = Payout.Compound) =>
        new TestVault(Staking.Continuous, maxBurnBps: 10_000).With(terms).House("100").Settle().Close(1).Close(2).Deposit(Anna, 3, payout: payout).Settle()
            .Play(3, "40").Settle().Resolve(1, "-100").Resolve(2, "-25");

    [Fact]
    public void Continuous_ADebt_IsALossLikeAnother_AndCancelsTheOwnersShare()
    {
        var vault = InDebt(Weekly with { ProfitShareBps = BasisPoints.Whole, ClawBackWeeks = 5 });
        Assert.Equal((N("-15"), N("10")), (vault.Books.House, vault.LiveUnit(2).Owed));
        vault.Settle();
        Assert.Equal((N("105"), N("5"), N("5")), (vault.LiveUnit(2).Value, vault.LiveUnit(2).Cumulative, vault.LiveUnit(2).Owed));
    }

    [Fact]
    public void Continuous_ADebt_IsTakenFromWhatIsPayable_BeforeTheValue()
    {
        var vault = InDebt(Weekly with { ProfitShareBps = BasisPoints.Zero }, Payout.Pay);
        Assert.Equal(N("10"), vault.LiveUnit(2, payout: Payout.Pay).Payable);
        vault.Settle();
        Assert.Equal((N("15"), N("100")), (vault.PaidTo(Anna), vault.LiveUnit(2, payout: Payout.Pay).Value));
    }

    [Fact]
    public void Continuous_ADebt_TakesTheReserveFirst_AlsoWhatTheOwnerAskedBackOfIt()
    {
        // 150 of the reserve are locked, 10 are asked back: they go to the debt. What a leaver unlocks in the same settlement isn't paid for them.
        var terms = Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 10_000).With(terms).House("100").Reserve("160").Settle().Close(1).Close(2).Deposit(Anna, 3).Settle()
            .Play(3, "40").Settle().Do(new ReserveWithdraw(N("10"))).Resolve(1, "-100").Resolve(2, "-25").Exit(Anna, 2).Settle();
        Assert.Equal((Nmr.Zero, N("150"), N("100")), (vault.Weeks[^1].ReservePaid, vault.Books.Reserve, vault.Books.ReserveLocked));
    }
}
