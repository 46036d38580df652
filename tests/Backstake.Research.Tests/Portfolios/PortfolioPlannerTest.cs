namespace Backstake.Research.Tests.Portfolios;

public class PortfolioPlannerTest
{
    private static readonly ReturnTable Field = SimulatedField.Make(new FieldMoments { Families = 4, FamilyShare = 0.6 }, 12, 200, 1, seed: 5).Past;

    public static TheoryData<string> Objectives => [.. PortfolioObjective.All.Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Weights_AreParts_NoneAboveTheMost_EachWithItsReason(string name)
    {
        var objective = PortfolioObjective.All.Single(o => o.Name == name);
        var r = new PortfolioPlanner(objective, maxPerModel: 0.25).Recommend(Field, 200);
        Assert.Equal(1, r.Weights.Values.Sum(), 9);
        Assert.All(r.Weights.Values, w => Assert.InRange(w, 1e-9, 0.25 + 1e-4));
        Assert.Equal(r.Weights.Keys.Order(), r.Why.Keys.Order());
        Assert.Equal(r.Outlook.ExpectedReturn, r.Weights.Sum(w => w.Value * r.Why[w.Key].MarginalReturn), 9);
        Assert.Equal(r.Outlook.Cvar, r.Weights.Sum(w => w.Value * r.Why[w.Key].MarginalCvar), 9);
        Assert.InRange(r.Gap, 0, TailProblem.Tolerance);
        Assert.Equal(8, r.Fund.Count);
        Assert.True(r.Outlook.ExpectedReturn > r.EqualWeight.ExpectedReturn || r.Outlook.Cvar > r.EqualWeight.Cvar);
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void WhatWasNotResolved_ChangesNothing_NorTheChoiceOfSettings(string name)
    {
        var changed = new ReturnTable(Field.Rounds, Field.Models, [.. Enumerable.Range(0, 12).Select(m => Field[m].ToArray().Select((x, t) => Field.Rounds[t] > 150 - ReturnTable.ResolutionLag ? 0.5 - (0.1 * m) : x).ToArray())]);
        var planner = new PortfolioPlanner(PortfolioObjective.All.Single(o => o.Name == name));
        var (before, after) = (planner.Recommend(Field, 150), planner.Recommend(changed, 150));
        Assert.Equal(before.Weights, after.Weights);
        Assert.Equal(before.Choice.Scores, after.Choice.Scores);
        Assert.Equal(126 - 30 - ReturnTable.ResolutionLag, before.Choice.Rounds);
        Assert.NotEqual(planner.Recommend(Field, 151).Weights, planner.Recommend(changed, 151).Weights);
    }

    [Fact]
    public void Growth_ExpectsMost_CvarLosesLeast()
    {
        var (growth, cvar) = (new PortfolioPlanner(PortfolioObjective.Growth).Recommend(Field, 200), new PortfolioPlanner(PortfolioObjective.Cvar).Recommend(Field, 200));
        Assert.True(growth.Outlook.ExpectedReturn > cvar.Outlook.ExpectedReturn);
        Assert.True(cvar.Outlook.Cvar > growth.Outlook.Cvar);
    }

    [Fact]
    public void Holdings_AreLookedAt_AndWhatGoesWithThemIsListed()
    {
        var r = new PortfolioPlanner(PortfolioObjective.Cvar).Recommend(Field, 200, new Dictionary<string, double> { ["MODEL_001"] = 1 });
        Assert.Equal(12, r.Additions.Count);
        Assert.NotNull(r.Holdings);
        Assert.Null(r.Additions.Single(a => a.Model == "MODEL_001").Reason.CorrelationWithRest);
        Assert.NotEqual("MODEL_001", r.Additions[0].Model);
    }

    [Fact]
    public void Copies_AreOneModel()
    {
        var rows = Enumerable.Range(0, 12).Select(m => Field[m].ToArray()).ToArray();
        var best = Array.IndexOf(rows, rows.MaxBy(r => r.Where(x => !double.IsNaN(x)).Average()));
        var copied = new ReturnTable(Field.Rounds, [.. Field.Models, "COPY"], [.. rows, rows[best]]);
        var r = new PortfolioPlanner(PortfolioObjective.Growth).Recommend(copied, 200);
        Assert.True(r.Fund.ContainsKey("COPY") ^ r.Fund.ContainsKey(Field.Models[best]));
        Assert.Single(r.Copies.Intersect(["COPY", Field.Models[best]]));
        // What is held is looked at, even a copy.
        Assert.NotNull(new PortfolioPlanner(PortfolioObjective.Growth).Recommend(copied, 200, new Dictionary<string, double> { [r.Copies[0]] = 1 }).Holdings);
    }

    [Theory]   // what is asked; what its one error says
    [InlineData(50, 0.5, null, 0.0, "Too early to say")]
    [InlineData(200, 0.05, null, 0.0, "don't add up to 1")]
    [InlineData(200, 1.5, null, 0.0, "at most 1")]
    [InlineData(200, 0.5, "MODEL_001", 0.9, "Holdings add up to 0.9")]
    [InlineData(200, 0.5, "NOBODY", 1.0, "no scores of NOBODY")]
    [InlineData(200, 0.5, "MODEL_001", -1.0, "no part")]
    public void BadInput_IsOneError(int until, double most, string? held, double part, string error)
    {
        var holdings = held is null ? null : new Dictionary<string, double> { [held] = part };
        Assert.Contains(error, Assert.Throws<ResearchInputException>(() => new PortfolioPlanner(PortfolioObjective.Growth, most).Recommend(Field, until, holdings)).Message);
    }

    [Fact]
    public void AModelThatStopped_IsNotRecommended()
    {
        var rows = Enumerable.Range(0, 12).Select(m => Field[m].ToArray()).ToArray();
        for (var t = 150; t < 200; t++) rows[0][t] = double.NaN;
        var r = new PortfolioPlanner(PortfolioObjective.Growth).Recommend(new ReturnTable(Field.Rounds, Field.Models, rows), 200);
        Assert.Equal(["MODEL_001"], r.Absent);
        Assert.False(r.Weights.ContainsKey("MODEL_001"));
    }
}
