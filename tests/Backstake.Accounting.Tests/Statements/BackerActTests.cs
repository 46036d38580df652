using System.Text;
using Xunit;

namespace Backstake.Accounting.Tests.Statements;

/// <summary>What backers ask for is read strictly, and refused as the books would, with the numbers.</summary>
public sealed class BackerActTests
{
    [Theory]
    [InlineData("""{"act":"claim"}""", null)]
    [InlineData("""{"act":"deposit","terms":"T1","units":2,"payout":"pay"}""", null)]
    [InlineData("""{"act":"transfer","terms":"T1","entryWeek":1,"units":2,"to":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}""", null)]
    [InlineData("""{"act":"claim","units":1}""", "units")]
    [InlineData("""{"act":"steal"}""", "act")]
    [InlineData("""{"terms":"T1"}""", "file")]
    [InlineData("""{"act":"exit","terms":"T1","entryWeek":1,"units":2.5}""", "units")]
    [InlineData("""{"act":"exit","terms":"T1","entryWeek":1,"units":2,"backer":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}""", "backer")]
    [InlineData("""{"act":"deposit","act":"exit","terms":"T1","units":2}""", "act")]
    [InlineData("""{"act":"transfer","terms":"T1","entryWeek":1,"units":2,"to":"anna"}""", "to")]
    public void Acts_AreReadStrictly(string text, string? place)
    {
        var read = BackerAct.Read(Encoding.UTF8.GetBytes(text), TestVault.Anna);
        Assert.Equal(place, read.Malformed?.Place);
    }

    [Fact]
    public void Acts_AreTheCallers()
    {
        var act = BackerAct.Read("""{"act":"exit","terms":"T1","entryWeek":1,"units":2}"""u8.ToArray(), TestVault.Anna).Value;
        Assert.Equal(new Exit(TestVault.Anna, TestVault.SeriesOf(1), new Units(2)), act.Event);
    }

    [Fact]
    public void Refusals_AreTheBooks_WithNumbers()
    {
        var vault = new TestVault().With(TestVault.Plain).Deposit(TestVault.Anna, 2).Settle().Deposit(TestVault.Anna, 1).Exit(TestVault.Anna, 1);
        var series = TestVault.SeriesOf(1);
        Assert.Null(RefusedAct.Of(vault.Books, new Exit(TestVault.Anna, series, new Units(1))));
        Check(new CancelDeposit(TestVault.Anna, TestVault.T1, new Units(2)), "notEnoughUnits", "unitsAsked=2 unitsWaiting=1");
        Check(new CancelExit(TestVault.Anna, series, new Units(2)), "notEnoughUnits", "unitsAsked=2 unitsLeaving=1");
        Check(new Transfer(TestVault.Anna, TestVault.Bert, series, new Units(2)), "notEnoughUnits", "unitsAsked=2 unitsHeld=2 unitsLeaving=1");
        Check(new Exit(TestVault.Bert, series, new Units(1)), "notEnoughUnits", "unitsAsked=1 unitsHeld=0 unitsLeaving=0");
        Check(new Deposit(TestVault.Anna, new TermsId("none"), new Units(1)), "unknownTerms", "");
        Check(new CancelExit(TestVault.Anna, series, Units.Zero), "unitsNotPositive", "");

        void Check(VaultEvent act, string code, string numbers)
        {
            var refused = RefusedAct.Of(vault.Books, act)!;
            Assert.Equal((code, numbers), (refused.Refusal.Code, string.Join(' ', refused.Numbers.Select(number => $"{number.Name}={number.Count?.ToString() ?? number.Amount.ToString()}"))));
        }
    }
}
