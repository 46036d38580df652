using System.Globalization;

namespace Backstake.Research.Tests.Portfolios;

public class EvaluationDocsTest
{
    [SkippableFact]
    public void TheDocumentsWalkForward_IsWhatTheCommandGives()
    {
        var document = File.ReadAllLines(Path.Combine(SharedData.Root, "docs", "research.md"));
        var evaluation = Evaluation.Run(SharedData.Returns(), 943, 1137, seed: 1);
        Assert.All(evaluation.Walks, walk =>
        {
            var row = Assert.Single(document, line => line.StartsWith($"| {walk.Name} | 0.", StringComparison.Ordinal) && line.Count(c => c == '|') == 8);
            var figures = row.Split('|')[2..7].Select(cell => double.Parse(cell.Trim().Replace('−', '-'), CultureInfo.InvariantCulture)).ToArray();
            double[] given = [walk.Mean, walk.Cvar, walk.MaxDrawdown, walk.Turnover, walk.Mean / walk.MaxDrawdown];
            double[] rounding = [0.0001, 0.0001, 0.001, 0.01, 0.001];
            for (var i = 0; i < given.Length; i++) Assert.InRange(figures[i], given[i] - rounding[i], given[i] + rounding[i]);
        });
        Assert.All(evaluation.Choices, objective => Assert.All(objective.Value, choice => Assert.Equal(SettingChoice.Blend, choice.Setting)));
        Assert.Contains(document, line => line.Contains("All ten refits of all three objectives used the blend.", StringComparison.Ordinal));
        Assert.All(evaluation.Differences, d =>
        {
            var row = Assert.Single(document, line => line.StartsWith($"| {d.First} − {d.Second} |", StringComparison.Ordinal));
            Assert.Contains($"{d.Return.Value:0.0000} [{d.Return.Lower:0.0000}, {d.Return.Upper:0.0000}]", row.Replace('−', '-'), StringComparison.Ordinal);
        });
    }
}
