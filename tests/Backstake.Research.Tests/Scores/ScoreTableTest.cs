namespace Backstake.Research.Tests.Scores;

public class ScoreTableTest
{
    private const string Corr = "roundNumber,A,B\n843,0.02,0.01\n844,,-0.01\n845,0.03,0.00\n";
    private const string Mmc = "roundNumber,B,A\n843,0.001,0.002\n844,0.003,0.004\n845,,0.001\n";

    [Fact]
    public void Returns_AreClippedSums_AndGapsStayGaps()
    {
        var returns = ReturnTable.From(ScoreTable.Read("corr", Corr), ScoreTable.Read("mmc", Mmc), new PayoutRule(0.5, 2, 0.013));
        Assert.Equal([843, 844, 845], returns.Rounds);
        Assert.Equal(0.013, returns[0, 0], 12);          // 0.5·0.02 + 2·0.002 = 0.014, clipped
        Assert.True(double.IsNaN(returns[0, 1]));        // no CORR20
        Assert.Equal(0.007, returns[1, 0], 12);
        Assert.True(double.IsNaN(returns[1, 2]));        // no MMC20
        Assert.Equal([0.013, 0.013], returns.Submitted(0), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void KnownAt_LeavesOutWhatWasNotResolved()
    {
        var returns = ReturnTable.From(ScoreTable.Read("corr", Corr), ScoreTable.Read("mmc", Mmc), PayoutRule.Classic20);
        Assert.Equal([843, 844], returns.KnownAt(868).Rounds);
        Assert.Equal([843], returns.KnownAt(867).Rounds);
    }

    [Theory]   // the text; what its one error says
    [InlineData("round,A\n843,0.1\n", "line 1: expected 'roundNumber'")]
    [InlineData("roundNumber,A,A\n843,0.1,0.1\n", "line 1: expected 'roundNumber'")]
    [InlineData("roundNumber,A\n843,0.1,0.2\n", "line 2: 3 cells instead of 2")]
    [InlineData("roundNumber,A\nx,0.1\n", "line 2: 'x' is not a round number")]
    [InlineData("roundNumber,A\n843,0.1\n843,0.2\n", "line 3: round 843 is there twice")]
    [InlineData("roundNumber,A\n843,Infinity\n", "line 2, A: 'Infinity' is not a finite number")]
    [InlineData("roundNumber,A\n843,NaN\n", "line 2, A: 'NaN' is not a finite number")]
    [InlineData("roundNumber,A\n843,17\n", "line 2, A: 17 is absurd")]
    [InlineData("roundNumber,A,B\n843,0.1,\n", "B has no score in any round")]
    [InlineData("roundNumber,A\n", "holds no round")]
    public void BadFile_IsRefused_WithItsPlace(string text, string error) =>
        Assert.Contains(error, Assert.Throws<ResearchInputException>(() => ScoreTable.Read("file", text)).Message);

    [Fact]
    public void DifferentModels_AreRefused() =>
        Assert.Contains("different models: B, C in one of them only", Assert.Throws<ResearchInputException>(() =>
            ReturnTable.From(ScoreTable.Read("corr", Corr), ScoreTable.Read("mmc", Mmc.Replace('B', 'C')), PayoutRule.Classic20)).Message);

    [Fact]
    public void UnknownModel_IsRefused() =>
        Assert.Contains("no scores of Z", Assert.Throws<ResearchInputException>(() => ReturnTable.From(ScoreTable.Read("corr", Corr), ScoreTable.Read("mmc", Mmc), PayoutRule.Classic20).Of(["Z"])).Message);
}
