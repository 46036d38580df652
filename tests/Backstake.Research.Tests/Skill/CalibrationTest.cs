using Xunit.Abstractions;

namespace Backstake.Research.Tests.Skill;

/// <summary>The claims of docs/research.md, counted on fields whose truth is known. Fewer fields than in the document unless BACKSTAKE_DEEP=1; the bounds are the same.</summary>
public class CalibrationTest(ITestOutputHelper output)
{
    private static readonly bool IsDeep = Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1";

    [Theory]   // one line of CalibrationCase.All each
    [InlineData("real")]
    [InlineData("young")]
    [InlineData("short")]
    [InlineData("half")]
    [InlineData("poor")]
    [InlineData("luck")]
    [InlineData("leaderboard")]
    public void Claims_Hold(string name)
    {
        var known = CalibrationCase.All.Single(c => c.Name == name);
        var c = known.Run(IsDeep ? known.Fields : known.QuickFields);
        output.WriteLine($"{known.Description}: {c}");
        Assert.InRange(c.MeanCoverage, 0.87, 0.93);
        Assert.InRange(c.ShrunkCoverage, 0.87, known.HasSkill ? 0.93 : 1);
        Assert.InRange(c.VolatilityCoverage, 0.87, 0.93);
        Assert.InRange(c.CvarCoverage, 0.87, 0.93);
        Assert.True(c.FalseShareOfField <= 0.12, $"{c.FalseShareOfField:P1} of a field's discoveries are false");
        if (known.IsLikeReal) Assert.True(c.FalseShare <= 0.12, $"{c.FalseShare:P1} of all discoveries are false");
        if (known.IsRankingTest) Assert.True(c.ShrunkBeatsRaw >= 0.9, $"the shrunk ranking wins in {c.ShrunkBeatsRaw:P1} of the fields");
    }
}
