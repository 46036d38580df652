namespace Backstake.Research.Tests.Weights;

public class StakeRulesTest
{
    private static readonly StakedField Field = StakedField.WhaleHeavy(200, 500_000, 100, seed: 2);

    [Fact]
    public void TheField_IsHeavyWithWhales()
    {
        var accounts = Field.Stakes.GroupBy(s => s.Account).Select(g => g.Sum(s => s.Stake)).OrderDescending().ToArray();
        Assert.Equal(500_000, accounts.Sum(), 3);
        Assert.Equal(0.5, accounts.Take(15).Sum() / accounts.Sum(), 6);
    }

    [Theory]   // what splitting into ten gains the greatest account
    [InlineData("stake", 0, 1e-9)]
    [InlineData("account x stake", 1, 3)]
    [InlineData("track record", -1e-9, 10)]
    [InlineData("personal factor", 0.5, 9)]
    [InlineData("hard cap", 0.5, 9)]
    [InlineData("log stake", 4, 9)]
    public void SybilsGain_NothingUnderStake_MuchUnderTheLogarithm(string rule, double least, double most) => Assert.InRange(Outcome(rule).SybilGain, least - 1e-9, most);

    [Fact]
    public void LinearStake_WeighsByStake()
    {
        var outcome = Outcome("stake");
        Assert.Equal(0.5, outcome.TopShare, 6);
        Assert.Equal(Field.Stakes.Sum(s => s.Stake * Enumerable.Range(0, 100).Sum(t => Field.Returns[Field.Returns.IndexOf(s.Model), t])), outcome.Payouts.Values.Sum(), 3);
    }

    [Fact]
    public void TheOrderOfStakes_ChangesNothing()
    {
        var (one, other) = (Outcome("stake"), StakeRuleOutcome.Of(StakeRule.All[0], Field with { Stakes = [.. Field.Stakes.Reverse()] }));
        Assert.Equal(one.Mean, other.Mean, 12);
        Assert.Equal(one.Payouts["ACCOUNT_001"], other.Payouts["ACCOUNT_001"], 6);
    }

    [Theory]
    [InlineData("account x stake")]
    [InlineData("personal factor")]
    [InlineData("hard cap")]
    [InlineData("log stake")]
    public void OtherRules_SpreadTheWeight(string rule)
    {
        Assert.True(Outcome(rule).Herfindahl < Outcome("stake").Herfindahl);
        Assert.True(Outcome(rule).TopShare < 0.5);
    }

    [Fact]
    public void HardCap_LeavesNobodyAboveIt()
    {
        var rule = StakeRule.All.Single(r => r.Name == "hard cap");
        var counted = rule.Weigh(Field.Stakes).Zip(Field.Stakes).GroupBy(x => x.Second.Account).Select(g => g.Sum(x => x.First)).ToArray();
        Assert.Equal(StakeRule.CapPart * 500_000, counted.Max(), 6);
    }

    [Fact]
    public void BadStakes_AreRefused()
    {
        Assert.Throws<ResearchInputException>(() => StakeRuleOutcome.Of(StakeRule.All[0], Field with { Stakes = [Field.Stakes[0] with { Stake = -1 }] }));
        Assert.Throws<ResearchInputException>(() => StakeRuleOutcome.Of(StakeRule.All[0], Field with { Stakes = [] }));
        Assert.Throws<ResearchInputException>(() => StakedField.WhaleHeavy(20, 1, 100, 1));
    }

    private static StakeRuleOutcome Outcome(string rule) => StakeRuleOutcome.Of(StakeRule.All.Single(r => r.Name == rule), Field);
}
