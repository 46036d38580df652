namespace Backstake.Research.Tests.Benefit;

public class MetamodelBenefitTest
{
    // MODEL_001 and COPY are one; the others are unrelated to each other.
    private static readonly ReturnTable Field = Copied(SimulatedField.Make(new FieldMoments { Correlation = 0, MeanSkill = 0.03, SkillDeviation = 0.003 }, 4, 295, 1, seed: 12).Past);

    [Fact]
    public void TheSameModelTwice_IsOneOpinion()
    {
        var two = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 10, ["COPY"] = 10 });
        Assert.Equal(0.5, two.Herfindahl, 9);
        Assert.Equal(1, two.EffectiveModels, 1);
        Assert.Equal(["MODEL_001", "COPY"], two.Clusters[0].Models);
        Assert.Equal(1, two.Clusters[0].Share, 9);
        var unrelated = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 10, ["MODEL_002"] = 10 });
        Assert.InRange(unrelated.EffectiveModels, 1.6, 2.0001);
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
        var good = MetamodelBenefit.Of(Field, new Dictionary<string, double> { ["MODEL_001"] = 50 }).UnstakedButGood;
        Assert.Equal(["MODEL_002", "MODEL_003", "MODEL_004"], good.Order());
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
