using System.Text.Json;
using Backstake.Research.Tests.Scores;

namespace Backstake.Research.Tests.Consistency;

public sealed class ChurnTest
{
    [Fact]
    public void ChurnAndTurnover_AreNumerais()
    {
        var compared = 0;
        foreach (var it in TournamentScoresTest.Cases("churn_turnover.json"))
        {
            var (before, after) = (Series(it, "s1"), Series(it, "s2"));
            var churn = Churn.Of(before, after);
            Assert.Equal(it.GetProperty("churn").GetDouble(), churn!.Value, 12);
            if (it.TryGetProperty("turnover", out var turnover))
                Assert.Equal(turnover.GetDouble(), Churn.Turnover([.. before.Values], [.. after.Values]), 12);
            foreach (var count in new[] { 2, 5 })
            {
                if (it.TryGetProperty($"churn_top_bottom_{count}", out var expected))
                {
                    Assert.Equal(expected.GetDouble(), Churn.OfTopAndBottom([.. before.Values], [.. after.Values], count), 12);
                    compared++;
                }
            }

            if (it.TryGetProperty("stake_zeroed_by_churn", out var zeroed))
                Assert.Equal(zeroed.GetBoolean(), Churn.Warning(before, after) is { Code: "highChurn" });
        }

        Assert.True(compared >= 7, $"{compared}");
    }

    [Fact]
    public void TooFewCommonIds_OrAConstant_SayNothing()
    {
        Dictionary<string, double> Made(int first, int count, Func<int, double> value) => Enumerable.Range(first, count).ToDictionary(i => $"T{i:d3}", value);
        Assert.NotNull(Churn.Of(Made(0, 100, i => i), Made(20, 100, i => i)));
        Assert.Null(Churn.Of(Made(0, 100, i => i), Made(21, 100, i => i)));
        Assert.Null(Churn.Of(Made(0, 100, i => i), Made(0, 100, _ => 0.5)));
        Assert.Null(Churn.Of(Made(0, 0, i => i), Made(0, 0, i => i)));
    }

    static SortedDictionary<string, double> Series(JsonElement it, string name)
    {
        var values = it.GetProperty(name).EnumerateArray().Select(value => value.GetDouble()).ToList();
        var ids = it.TryGetProperty($"{name}_index", out var index) ? index.EnumerateArray().Select(id => id.GetString()!).ToList() : [.. values.Select((_, i) => $"id_{i:d2}")];
        return new(ids.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second), StringComparer.Ordinal);
    }
}
