namespace Backstake.Research.Tests.Portfolios;

public class WalkForwardTest
{
    private static readonly ReturnTable Two = new([.. Enumerable.Range(1, 100)], ["A", "B"],
        [[.. Enumerable.Range(1, 100).Select(t => t == 60 ? double.NaN : 0.01)], [.. Enumerable.Range(1, 100).Select(t => 0.03)]]);

    [Fact]
    public void EachRefit_SeesWhatWasKnown_AndIsHeldForTwentyRounds()
    {
        var seen = new List<int>();
        WalkForward.Run("w", known => { seen.Add(known.Rounds[^1]); return Yardsticks.Equal(known); }, Two, 51, 100);
        Assert.Equal([26, 46, 66], seen);   // before round 51 opens, rounds to 50 − 24 are known
    }

    [Fact]
    public void TheOthers_TakeTheShareOfOneThatIsAbsent()
    {
        var walk = WalkForward.Run("w", Yardsticks.Equal, Two, 51, 100);
        Assert.Equal(0.02, walk.Returns[0], 12);
        Assert.Equal(0.03, walk.Returns[9], 12);   // round 60
        Assert.Equal(0, walk.Turnover);
    }

    [Fact]
    public void Turnover_IsThePartThatChanged()
    {
        var turn = false;
        var walk = WalkForward.Run("w", _ => new Dictionary<string, double> { [(turn = !turn) ? "A" : "B"] = 1 }, Two, 51, 100);
        Assert.Equal(1, walk.Turnover);
    }

    [Fact]
    public void ComparedWithItself_NothingDiffers()
    {
        var field = SimulatedField.Make(new FieldMoments(), 6, 200, 1, seed: 6).Past;
        var (equal, best) = (WalkForward.Run("equal", Yardsticks.Equal, field, 101, 200), WalkForward.Run("best", known => Yardsticks.Top(known, 1), field, 101, 200));
        var same = WalkForwardComparison.Of(equal, equal);
        Assert.Equal(new Figure(0, 0, 0, 100), same.Return);
        var different = WalkForwardComparison.Of(best, equal);
        Assert.Equal(best.Mean - equal.Mean, different.Return.Value, 12);
        Assert.True(different.Return.Lower < different.Return.Value && different.Drawdown.Lower <= different.Drawdown.Value);
    }

    [Fact]
    public void AWindowWithoutScores_IsRefused() =>
        Assert.Contains("no scores of rounds 200 to 300", Assert.Throws<ResearchInputException>(() => WalkForward.Run("w", Yardsticks.Equal, Two, 200, 300)).Message);

    [SkippableFact]   // known beforehand: return a round, CVaR 95 %, drawdown of the yardsticks on rounds 943–1137
    public void Yardsticks_AreThoseKnownBeforehand_OnTheRealScores()
    {
        var returns = SharedData.Returns();
        Assert.All(new[] { ("equal weight", 0.0093, -0.0071, 0.043), ("best so far", 0.0151, -0.0309, 0.264), ("top 5 so far", 0.0173, -0.0082, 0.064), ("inverse volatility", 0.0095, -0.0053, 0.032) }, known =>
        {
            var (name, mean, cvar, drawdown) = known;
            var walk = WalkForward.Run(name, Yardsticks.All.Single(y => y.Name == name).Strategy, returns, 943, 1137);
            Assert.Equal(mean, walk.Mean, 4);
            Assert.InRange(walk.Cvar, cvar - 0.0002, cvar + 0.0002);
            Assert.InRange(walk.MaxDrawdown, drawdown - 0.001, drawdown + 0.001);
        });
    }
}
