using Xunit;

namespace Backstake.Accounting.Tests.Statements;

/// <summary>What a backer has, on histories small enough to work out by hand.</summary>
public sealed class PositionTests
{
    private static readonly Terms Covered = TestVault.Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };

    private static Position Of(TestVault vault, Backer? backer = null) => Position.Of(vault.Books, backer ?? TestVault.Anna);

    [Fact]
    public void WaitingUnits_AreWorthTheirPrice_AndAtNoRisk()
    {
        var position = Of(new TestVault().With(TestVault.Plain).Deposit(TestVault.Anna, 2));
        var holding = Assert.Single(position.Holdings);
        Assert.Equal((HoldingState.Waiting, TestVault.SeriesOf(1), new Units(2)), (holding.State, holding.Series, holding.Units));
        Assert.Equal(("200", "200", "0", "0"), ($"{position.Worth}", $"{position.Waiting}", $"{position.AtRisk}", $"{position.NextPayment}"));
        Assert.True(Of(new TestVault().With(TestVault.Plain).Deposit(TestVault.Anna), TestVault.Bert).IsEmpty);
    }

    [Fact]
    public void LiveUnits_AreAtRiskInOpenRounds_AndOweTheShareOfTheirProfit()
    {
        // Four rounds at once: a quarter of 100 in each. The first won 10, of which half would be the owner's at the end.
        var vault = new TestVault().With(TestVault.Plain).Deposit(TestVault.Anna).Settle().Close(1).Close(2).Resolve(1, "10");
        var position = Of(vault);
        var holding = Assert.Single(position.Holdings);
        Assert.Equal(("110", "25", "5", "80", "0"), ($"{holding.Worth}", $"{holding.AtRisk}", $"{holding.ForOwner}", $"{holding.Staying}", $"{holding.Releasable}"));
        Assert.Equal(new RoundPart(new Round(2), TestVault.N("25"), TestVault.N("25")), Assert.Single(position.Rounds));
    }

    [Fact]
    public void LeavingUnits_ShowWhatIsPaid_WhatIsReleasable_AndWhatIsStillAtRisk()
    {
        var vault = new TestVault().With(TestVault.Plain).Deposit(TestVault.Anna, 2).Deposit(TestVault.Bert).Settle().Close(1).Exit(TestVault.Anna, 1);
        Assert.Equal(new Units(1), Assert.Single(Of(vault).Holdings).AskedOut);
        vault.Settle();
        var holdings = Of(vault).Holdings;
        Assert.Equal([HoldingState.Live, HoldingState.Leaving], holdings.Select(one => one.State));
        Assert.Equal((new Week(2), "75", "25", "25", "0"), (holdings[1].ExitWeek!.Value, $"{holdings[1].Paid}", $"{holdings[1].Worth}", $"{holdings[1].AtRisk}", $"{holdings[1].Releasable}"));

        vault.Resolve(1, "-30");
        var leaving = Of(vault).Holdings[1];
        Assert.Equal(("-10", "15", "0", "15"), ($"{leaving.Result}", $"{leaving.Worth}", $"{leaving.AtRisk}", $"{leaving.Releasable}"));
        Assert.Equal("15", $"{Of(vault).NextPayment}");
    }

    [Fact]
    public void TheNextPayment_IsWithCover_AndIsBooked()
    {
        var vault = new TestVault().With(Covered).Reserve("50").Deposit(TestVault.Anna).Settle().Exit(TestVault.Anna, 1).Play(1, "-20");
        Assert.Equal("90", $"{Of(vault).NextPayment}");
        vault.Settle();
        Assert.Equal("90", $"{vault.PaidTo(TestVault.Anna)}");
    }
}
