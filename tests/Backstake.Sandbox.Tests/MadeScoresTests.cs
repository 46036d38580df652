using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.Tests;

/// <summary>The moments of made scores lie around those of the real ones (MadeScores); bounds are wide enough for one seed's chance, averaged over ten.</summary>
public sealed class MadeScoresTests
{
    private static readonly List<SandboxScores> Samples = Enumerable.Range(1, 10).Select(seed => MadeScores.Make(seed)).ToList();

    [Fact]
    public void SameSeed_SameScores()
    {
        Assert.Equal(Text(MadeScores.Make(7)), Text(MadeScores.Make(7)));
        Assert.NotEqual(Text(MadeScores.Make(7)), Text(MadeScores.Make(8)));
        Assert.Contains("seed 7", MadeScores.Make(7).Source);
    }

    [Theory]
    [InlineData(true, 0.0196, 0.0171, 0.870, 0.422, 0.119, 0.697)]
    [InlineData(false, 0.0005, 0.0080, 0.788, 0.285, 0.007, 0.078)]
    public void Moments_AreThoseOfTheRealScores(bool corr, double mean, double deviation, double lag1, double lag10, double lag20, double correlation)
    {
        var tables = Samples.Select(s => corr ? s.Corr20 : s.Mmc20).ToList();
        Within(mean, 0.004, tables.Average(t => Series(t).Average(s => s.Values.Average())));
        Within(deviation, 0.25 * deviation, tables.Average(t => Series(t).Average(s => Math.Sqrt(Covariance(s, s, 0)))));
        Within(lag1, 0.08, tables.Average(t => Series(t).Average(s => Correlation(s, s, 1))));
        Within(lag10, 0.15, tables.Average(t => Series(t).Average(s => Correlation(s, s, 10))));
        Within(lag20, 0.20, tables.Average(t => Series(t).Average(s => Correlation(s, s, 20))));
        Within(correlation, 0.12, tables.Average(t =>
        {
            var series = Series(t);
            return series.SelectMany((a, i) => series.Skip(i + 1).Select(b => Correlation(a, b, 0))).Average();
        }));
    }

    [Fact]
    public void Corr_AndMmc_OfAModel_MoveTogether() =>
        Within(0.41, 0.1, Samples.Average(s => Series(s.Corr20).Zip(Series(s.Mmc20), (c, m) => Correlation(c, m, 0)).Average()));

    [Fact]
    public void SomeCells_AreEmpty_InBothTables()
    {
        var scores = Samples[0];
        var cells = scores.Models.SelectMany(m => scores.Corr20.Rounds.Select(r => (Corr: scores.Corr20.Find(m, r), Mmc: scores.Mmc20.Find(m, r)))).ToList();
        Assert.All(cells, c => Assert.Equal(c.Corr is null, c.Mmc is null));
        Within(0.021, 0.01, cells.Count(c => c.Corr is null) / (double)cells.Count);
    }

    private static void Within(double expected, double tolerance, double actual) => Assert.InRange(actual, expected - tolerance, expected + tolerance);

    private static List<Dictionary<int, double>> Series(ScoreTable table) => table.Models
        .Select(m => table.Rounds.Where(r => table.Find(m, r) is not null).ToDictionary(r => r, r => table.Find(m, r)!.Value.ToDisplay())).ToList();

    private static double Correlation(Dictionary<int, double> a, Dictionary<int, double> b, int lag) => Covariance(a, b, lag) / Math.Sqrt(Covariance(a, a, 0) * Covariance(b, b, 0));

    private static double Covariance(Dictionary<int, double> a, Dictionary<int, double> b, int lag)
    {
        var (meanA, meanB) = (a.Values.Average(), b.Values.Average());
        return a.Where(x => b.ContainsKey(x.Key + lag)).Average(x => (x.Value - meanA) * (b[x.Key + lag] - meanB));
    }

    private static string Text(SandboxScores scores)
    {
        var text = new StringWriter();
        scores.Corr20.Write(text);
        scores.Mmc20.Write(text);
        return text.ToString();
    }
}
