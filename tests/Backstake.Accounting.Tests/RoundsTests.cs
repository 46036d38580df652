using Xunit;
using static Backstake.Accounting.Tests.TestVault;

namespace Backstake.Accounting.Tests;

public sealed class RoundsTests
{
    [Theory] // last closed 500, then
    [InlineData(500, false)]
    [InlineData(499, false)]
    [InlineData(501, true)]
    [InlineData(1500, true)]
    [InlineData(1501, false)]
    public void Rounds_CloseInOrder_AtMostAThousandAhead(int round, bool allowed) =>
        new TestVault().Close(500).Answers(new Close(new Round(round)), allowed ? null : Refusal.RoundOutOfOrder);

    [Fact]
    public void TheFirstRound_MayBeAny() => new TestVault().Close(int.MaxValue).Refuses(new Close(new Round(1)), Refusal.RoundOutOfOrder);

    [Fact]
    public void ARound_IsOpenUntilItIsResolved_EvenIfNothingIsStaked() => new TestVault()
        .Refuses(new Resolve(new Round(1), Nmr.Zero), Refusal.RoundNotOpen)
        .Close(1)
        .Refuses(new Resolve(new Round(1), new Nmr(1)), Refusal.NothingStaked)
        .Refuses(new Resolve(new Round(1), new Nmr(-1)), Refusal.NothingStaked)
        .Resolve(1, "0")
        .Refuses(new Resolve(new Round(1), Nmr.Zero), Refusal.RoundNotOpen);

    [Theory] // regime, cap, most burned of 200 at stake in all (perRound: 50 a round)
    [InlineData(Staking.PerRound, 10_000, "-50")]
    [InlineData(Staking.PerRound, 2_500, "-12.5")]
    [InlineData(Staking.Continuous, 500, "-10")]
    [InlineData(Staking.Continuous, 10_000, "-200")]
    public void ABurn_StaysWithinTheCap(Staking staking, int cap, string most)
    {
        var vault = new TestVault(staking, maxBurnBps: cap).With(Plain).House("100").Deposit(Anna).Settle().Close(1);
        vault.Refuses(new Resolve(new Round(1), N(most) - new Nmr(1)), Refusal.BurnBeyondCap);
        vault.Resolve(1, most);
    }

    [Fact]
    public void ABurn_StaysWithinTheStake()
    {
        // Two rounds on one stake, each with a cap of the whole: the second can burn only what the first left.
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 10_000).House("100").Settle().Close(1).Close(2).Resolve(1, "-60");
        vault.Refuses(new Resolve(new Round(2), N("-40.000000000000000001")), Refusal.BurnBeyondCap).Resolve(2, "-40");
    }

    [Theory] // shareBps, staked of 50
    [InlineData(10_000, "50")]
    [InlineData(5_000, "25")]
    [InlineData(1, "0.005")]
    [InlineData(0, "0")]
    public void APartlyStakedRound_HasThatPartOfEveryStake(int shareBps, string staked)
    {
        var vault = new TestVault().With(Plain).House("100").Deposit(Anna).Settle();
        Assert.Equal(N(staked), vault.Books.StakeOfNextRound(new BasisPoints(shareBps)));
        vault.Close(1, shareBps);
        Assert.Equal(N(staked), vault.Books.OpenRounds[new Round(1)].Stake);
        Assert.Equal(N(staked), vault.Books.Stake);
    }

    [Fact]
    public void PerRound_TheWholeStakeStaysLocked_WhateverTheCap()
    {
        var vault = new TestVault(maxBurnBps: 2_500).With(Plain).House("100").Deposit(Anna).Settle().Close(1);
        Assert.Equal(N("25"), vault.LiveUnit().Locked);
    }

    [Fact]
    public void Continuous_WhatARoundCouldBurnIsLocked_RoundedUp()
    {
        var terms = Plain with { UnitSize = N("100") + new Nmr(1) };
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 2_500).With(terms).House("100").Deposit(Anna).Settle().Close(1);
        Assert.Equal(N("25") + new Nmr(1), vault.LiveUnit().Locked);
    }

    [Fact]
    public void WhatIsOwed_IsNotStaked()
    {
        // Of 100, 10 are an upfront fee not yet earned; one round of four takes a quarter of the 90.
        var vault = new TestVault(concurrentRounds: 1).With(Plain with { UpfrontFeeBps = new BasisPoints(1_000), LockupWeeks = 5 }).Deposit(Anna).Settle();
        Assert.Equal(N("90"), vault.Books.StakeOfNextRound());
    }

    [Fact]
    public void WhatTheOwnerAskedBack_IsNotStaked()
    {
        var vault = new TestVault(concurrentRounds: 1).House("100").Settle().Close(1).Do(new HouseWithdraw(N("40"))).Settle();
        Assert.Equal(N("60"), Assert.IsType<PerRoundStake>(vault.Weeks[^1].Instruction).Amount);
        vault.Resolve(1, "0");
        Assert.Equal(N("60"), vault.Books.StakeOfNextRound());
    }

    [Fact]
    public void TheHouse_TakesTheRoundingRemainder()
    {
        // 3 units and a house of 100 in one round of 100·4/1: P = −1 wei is not split by four.
        var vault = new TestVault(concurrentRounds: 1).With(Plain).House("100").Deposit(Anna, 3).Settle().Close(1).Do(new Resolve(new Round(1), new Nmr(-1)));
        Assert.Equal(N("100") - new Nmr(1), vault.LiveUnit().Value);
        Assert.Equal(N("100") + new Nmr(2), vault.Books.House);
    }

    [Fact]
    public void Tranches_TakePartInNoFurtherRound_ButBearTheirOwn()
    {
        var vault = new TestVault(concurrentRounds: 2).With(Plain).Deposit(Anna).Settle().Close(1).Exit(Anna, 1).Settle();
        Assert.Equal(Nmr.Zero, vault.Books.StakeOfNextRound());
        vault.Resolve(1, "-50").Settle();
        Assert.Equal(N("50"), vault.PaidTo(Anna));
    }

    [Fact]
    public void Continuous_WhatTranchesGain_JoinsThePendingReleases()
    {
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 2_500).With(Plain).House("100").Deposit(Anna).Settle().Close(1).Close(2).Exit(Anna, 1).Settle();
        Assert.Equal(N("100"), vault.Books.Pending.Total);
        vault.Resolve(1, "20");
        Assert.Equal(N("110"), vault.Books.Pending.Total);
        vault.Resolve(2, "0");
        Assert.Equal((Nmr.Zero, N("110"), N("110")), (vault.Books.Pending.Total, vault.Books.Cash, vault.Books.Stake));
    }

    [Fact]
    public void Continuous_AReleaseWaits_ForItsLastActiveRoundAndAllBeforeIt()
    {
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 500).With(Plain).House("100").Deposit(Anna).Settle().Close(1).Close(2).Exit(Anna, 1).Settle();
        Assert.Equal(N("100"), vault.Books.OpenRounds[new Round(2)].Stake - vault.Books.OpenRounds[new Round(2)].HouseStake);
        vault.Close(3).Resolve(2, "0");
        Assert.Equal(N("100"), vault.Books.Pending.Total);
        vault.Resolve(1, "0");
        Assert.Equal(Nmr.Zero, vault.Books.Pending.Total);
    }
}
