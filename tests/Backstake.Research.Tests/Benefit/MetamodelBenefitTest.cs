namespace Backstake.Research.Tests.Benefit;

public class MetamodelBenefitTest
{
    // MODEL_001 and COPY are one; the others are unrelated to each other.
    private static readonly ReturnTable Field = Copied(SimulatedField.Make(new FieldMoments { Correlation = 0, MeanSkill = 0.03, SkillDeviation = 0.003 }, 4, 295, 1, seed: 12).Past);

    [Fact]
    public void TheSameModelTwice_IsOneOpinion()
    {
        var two = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 10, ["COPY"] = 10 });
        Assert.Equal(0.5, two.Breadth.Herfindahl, 9);
        Assert.Equal(1, two.Breadth.EffectiveModels, 1);
        Assert.Equal(["MODEL_001", "COPY"], two.Clusters[0].Models);
        Assert.Equal(1, two.Clusters[0].Share, 9);
        var unrelated = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 10, ["MODEL_002"] = 10 });
        Assert.InRange(unrelated.Breadth.EffectiveModels, 1.6, 2.0001);
    }

    [Fact]
    public void NewStake_WhereOthersAre_IsWarnedOf()
    {
        var stakes = new Dictionary<string, double> { ["MODEL_001"] = 50, ["MODEL_002"] = 10, ["MODEL_003"] = 40 };
        Assert.Contains("50 % of the stake is on MODEL_001, COPY", Assert.Single(MetamodelBenefit.Of(Field, stakes, new Dictionary<string, double> { ["COPY"] = 5, ["MODEL_002"] = 5 }).Warnings));
    }

    [Fact]
    public void UnstakedButGood_AreFound_UnlessTheyCopyAStakedOne()
    {
        var benefit = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 50 });
        Assert.Equal(["MODEL_002", "MODEL_003", "MODEL_004"], benefit.UnstakedButGood.Select(m => m.Model).Order());
        Assert.All(benefit.UnstakedButGood, m => Assert.True(m.Lower < m.Shrunk && m.Shrunk < m.Upper && m.QValue <= MetamodelBenefit.Discovery));
        Assert.Equal(5, benefit.LookedAt);
    }

    [Fact]
    public void OfModelsThatMoveTogether_OneIsNamed()
    {
        var good = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_002"] = 50 }).UnstakedButGood;
        var one = Assert.Single(good, m => m.Model is "MODEL_001" or "COPY");
        Assert.Equal(one.Model == "COPY" ? "MODEL_001" : "COPY", Assert.Single(one.MovesWith));
    }

    [Fact]
    public void NewStake_WidensOrNarrows()
    {
        var stakes = new Dictionary<string, double> { ["MODEL_001"] = 50, ["MODEL_002"] = 50 };
        Assert.Null(MetamodelBenefit.Of(Field, stakes).BreadthAfter);
        var elsewhere = MetamodelBenefit.Of(Field, stakes, new Dictionary<string, double> { ["MODEL_003"] = 50 });
        Assert.True(elsewhere.BreadthAfter!.EffectiveModels > elsewhere.Breadth.EffectiveModels);
        var same = MetamodelBenefit.Of(Field, stakes, new Dictionary<string, double> { ["COPY"] = 50 });
        Assert.True(same.BreadthAfter!.EffectiveModels < same.Breadth.EffectiveModels);
    }

    [Fact]
    public void BadStakes_AreRefused()
    {
        Assert.Contains("no scores of X", Assert.Throws<ResearchInputException>(() => MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["X"] = 1 })).Message);
        Assert.Contains("Nothing is staked", Assert.Throws<ResearchInputException>(() => MetamodelBenefit.Of(Field, new Dictionary<string, double>())).Message);
        Assert.Contains("no amount", Assert.Throws<ResearchInputException>(() => MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["COPY"] = double.NaN })).Message);
    }

    private static ReturnTable Copied(ReturnTable field) => new(field.Rounds, [.. field.Models, "COPY"], [.. Enumerable.Range(0, 4).Select(m => field[m].ToArray()), field[0].ToArray()]);
}
