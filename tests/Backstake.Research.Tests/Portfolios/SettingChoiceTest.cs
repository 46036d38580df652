namespace Backstake.Research.Tests.Portfolios;

public class SettingChoiceTest
{
    private const int Lag = ReturnTable.ResolutionLag;

    private static readonly ReturnTable Field = SimulatedField.Make(new FieldMoments { Families = 4, FamilyShare = 0.6, EmptyShare = 0 }, 12, 200, 1, seed: 5).Past;

    [Fact]
    public void WhatIsClearlyBetter_TakesThePlaceOfTheBlend()
    {
        var choice = Choose(Better(by: 0.02), PortfolioObjective.Growth);
        Assert.Equal("best", choice.Setting);
        Assert.True(choice.Confidence >= 0.9);
        Assert.Equal([SettingChoice.Blend, "best", "worst"], choice.Scores.Keys);
        Assert.True(choice.Scores["best"] > choice.Scores[SettingChoice.Blend] && choice.Scores[SettingChoice.Blend] > choice.Scores["worst"]);
    }

    [Fact]
    public void WhatMayBeLuck_DoesNot()
    {
        var choice = Choose(Better(by: 0.0002), PortfolioObjective.Growth);
        Assert.Equal(SettingChoice.Blend, choice.Setting);
        Assert.InRange(choice.Confidence, 0, 0.9 - 1e-9);
    }

    [Theory]   // 30 rounds to begin with, 24 until they are known, then 40 to judge on
    [InlineData(93, 39)]
    [InlineData(94, 40)]
    public void OfTooFewRounds_NoChoiceIsMade(int rounds, int judged)
    {
        var choice = Choose(Better(by: 0.02).Between(1, rounds), PortfolioObjective.Growth);
        Assert.Equal(judged, choice.Rounds);
        Assert.Equal(judged >= SettingChoice.LeastRounds ? "best" : SettingChoice.Blend, choice.Setting);
        Assert.Equal(judged >= SettingChoice.LeastRounds, choice.Scores.Count > 0);
    }

    [Fact]
    public void AFold_SeesOnlyWhatWasResolvedBeforeIt()
    {
        var seen = new List<(int Last, int Count)>();
        SettingChoice.Of(Field, PortfolioObjective.Growth, ["a", "b"], known => { seen.Add((known.Rounds[^1], known.Rounds.Count)); return [One("MODEL_001"), One("MODEL_002")]; }, Lag, seed: 1);
        // Folds begin at rounds 55, 75 … 195; the last rounds known before each opens are 24 earlier.
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (30 + (20 * i), 30 + (20 * i))), seen);
    }

    [Fact]
    public void Objectives_JudgeByWhatTheyAreFor()
    {
        // A earns more and loses more.
        var table = Table(t => t % 10 == 0 ? -0.02 : 0.03, _ => 0.01);
        Assert.Equal("a", SettingChoice.Of(table, PortfolioObjective.Growth, ["a", "b"], _ => [One("A"), One("B")], Lag, seed: 1).Scores.Where(s => s.Key != SettingChoice.Blend).MaxBy(s => s.Value).Key);
        Assert.Equal("b", SettingChoice.Of(table, PortfolioObjective.Cvar, ["a", "b"], _ => [One("A"), One("B")], Lag, seed: 1).Setting);
    }

    [Theory]
    [InlineData("growth")]
    [InlineData("cvar")]
    public void TheBlend_IsTheMeanOfItsParts(string name)
    {
        var objective = PortfolioObjective.All.Single(o => o.Name == name);
        var known = Field.Between(1, 100);   // too few to choose
        var blend = new PortfolioPlanner(objective).Recommend(known, 100, lag: 24);
        Assert.Equal(SettingChoice.Blend, blend.Choice.Setting);
        var parts = objective.Settings.Select(setting => new PortfolioPlanner(objective with { Settings = [setting] }).Recommend(known, 100)).ToArray();
        Assert.All(blend.Weights, w => Assert.Equal(parts.Average(p => p.Weights.GetValueOrDefault(w.Key)), w.Value, 6));
    }

    [Fact]
    public void InverseVolatility_KeepsTheMostPerModel()
    {
        var objective = PortfolioObjective.Cvar with { Settings = [PortfolioSetting.InverseVolatility] };
        Assert.All(new PortfolioPlanner(objective, maxPerModel: 0.09).Recommend(Field, 200).Weights.Values, w => Assert.InRange(w, 0, 0.09 + 1e-9));
    }

    private static SettingChoice Choose(ReturnTable table, PortfolioObjective objective) => SettingChoice.Of(table, objective, ["best", "worst"], _ => [One("A"), One("B")], Lag, seed: 1);

    /// <summary>A and B swing alike; A is better by so much, and now and then one of them has luck.</summary>
    private static ReturnTable Better(double by) => Table(t => by + (0.01 * Math.Sin(t / 5.0)) + (0.01 * Math.Sin(t / 7.0)), t => (0.01 * Math.Sin(t / 5.0)) + (0.01 * Math.Cos(t / 7.0)));

    private static ReturnTable Table(Func<int, double> a, Func<int, double> b) => new([.. Enumerable.Range(1, 200)], ["A", "B"], [[.. Enumerable.Range(1, 200).Select(a)], [.. Enumerable.Range(1, 200).Select(b)]]);

    private static Dictionary<string, double> One(string model) => new() { [model] = 1 };
}
