using System.Globalization;
using Xunit.Abstractions;

namespace Backstake.Research.Tests.Consistency;

public sealed class ScoreBreaksTest(ITestOutputHelper output)
{
    const int RoundsOfAYear = 260;

    [Fact]
    public void SteadyNoise_IsNoBreak_AndAGreatChangeIs()
    {
        var noise = RoundOverlap.Measured.Noise(new Random(1), 400);
        int[] rounds = [.. Enumerable.Range(1000, 400)];
        Assert.Empty(ScoreBreaks.Of(rounds, noise));
        var level = Assert.Single(ScoreBreaks.Of(rounds, [.. noise.Select((value, i) => i < 250 ? value : value + 5)]));
        Assert.Equal(BreakKind.Level, level.Kind);
        Assert.InRange(level.Round, 1240, 1260);
        Assert.True(level.Value >= level.Limit);
        var wild = ScoreBreaks.Of(rounds, [.. noise.Select((value, i) => i < 250 ? value : value * 4)]);
        Assert.InRange(wild.First(found => found.Kind is BreakKind.Steps).Round, 1240, 1260);
    }

    [Fact]
    public void Gaps_AreNoPartOfIt_AndAShortRecordSaysNothing()
    {
        var noise = RoundOverlap.Measured.Noise(new Random(2), 300);
        var broken = noise.Select((value, i) => i < 200 ? value : value + 6).ToArray();
        var gaps = broken.SelectMany(value => new[] { value, double.NaN }).ToArray();
        int[] every = [.. Enumerable.Range(1, 300)], second = [.. Enumerable.Range(1, 600)];
        Assert.Equal(ScoreBreaks.Of(every, broken).Select(found => (2 * found.Round) - 1), ScoreBreaks.Of(second, gaps).Select(found => found.Round));
        Assert.NotEmpty(ScoreBreaks.Of(every, broken));
        Assert.Empty(ScoreBreaks.Of([.. every.Take(139)], broken.AsSpan(161, 139)));
        Assert.Empty(ScoreBreaks.Of(every, new double[300]));
    }

    /// <summary>On the real scores: how often a model that nobody exchanged is flagged, and how often one that is exchanged for another on purpose. The figures stand in docs/research.md.</summary>
    [SkippableFact]
    public void OnRealScores_FalseAlarmsAndFindings_AreThoseOfTheDocument()
    {
        var real = SharedData.Returns();
        int[] old = [.. Enumerable.Range(0, real.Models.Count).Where(model => real.Submitted(model).Length >= ScoreBreaks.Before + ScoreBreaks.After)];
        var alarms = old.ToDictionary(model => model, model => ScoreBreaks.Of(real.Rounds, real[model]));
        var years = old.Sum(model => real.Submitted(model).Length - (ScoreBreaks.Before + ScoreBreaks.After) + 1) / (double)RoundsOfAYear;
        var (pairs, found) = (0, 0);
        foreach (var (one, other) in from one in old from other in old where one != other select (one, other))
        {
            foreach (var at in new[] { 120, 160, 200, 240 })
            {
                double[] exchanged = [.. real[one][..at], .. real[other][at..]];
                pairs++;
                found += ScoreBreaks.Of(real.Rounds, exchanged).Any(it => Math.Abs(it.Round - real.Rounds[at]) <= ScoreBreaks.After) ? 1 : 0;
            }
        }

        var said = string.Create(CultureInfo.InvariantCulture,
            $"| {old.Length} | {years:F1} | {alarms.Values.Sum(it => it.Count(a => a.Kind is BreakKind.Level))} | {alarms.Values.Sum(it => it.Count(a => a.Kind is BreakKind.Steps))} | {alarms.Values.Sum(it => it.Count) / years:F2} | {alarms.Count(it => it.Value.Count > 0)} | {100.0 * found / pairs:F0} % of {pairs} |");
        output.WriteLine(said);
        foreach (var (model, breaks) in alarms.Where(it => it.Value.Count > 0))
            output.WriteLine($"{real.Models[model]}: {string.Join(", ", breaks)}");
        Assert.Contains(said, File.ReadAllText(Path.Combine(SharedData.Root, "docs", "research.md")), StringComparison.Ordinal);
    }
}
