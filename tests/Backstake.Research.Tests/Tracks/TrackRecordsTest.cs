namespace Backstake.Research.Tests.Tracks;

public class TrackRecordsTest
{
    private static readonly ReturnTable Field = SimulatedField.Make(new FieldMoments(), 3, 295, 1, seed: 21).Past;

    [Fact]
    public void Figures_AreTheSeriesOwn_InsideTheirIntervals()
    {
        var record = new TrackRecords(paths: 500).Of(Field)[0];
        var series = Field.Submitted(0);
        Assert.Equal(series.Average(), record.Mean!.Value, 12);
        Assert.Equal(Risk.Volatility(series), record.Volatility!.Value, 12);
        Assert.Equal(Risk.Cvar(series), record.Cvar!.Value, 12);
        Assert.Equal(Risk.MaxDrawdown(series), record.DeepestDrawdown!.Value, 12);
        Assert.Equal(series[^20..].Average(), record.LastMonth!.Value, 12);
        Assert.Equal(series.Length, record.Submitted);
        Assert.Equal(295 - series.Length, record.Missed + Enumerable.Range(0, 295).TakeWhile(t => double.IsNaN(Field[0, t])).Count());
        Assert.All(new[] { record.Mean, record.Volatility, record.Cvar, record.DeepestDrawdown, record.LongestDrawdown, record.AllTime },
            figure => Assert.True(figure!.Lower <= figure.Value && figure.Value <= figure.Upper && figure.Rounds == series.Length));
    }

    [Fact]
    public void Recovery_IsTheDeepestDrawdowns_BesideOtherHistories()
    {
        // Falls by 0.3 once, recovers in three rounds; then a fall that lasts.
        double[] once = [.. Enumerable.Range(0, 60).Select(i => i == 20 ? -0.3 : 0.1)];
        double[] never = [.. Enumerable.Range(0, 60).Select(i => i < 30 ? 0.01 : -0.02)];
        var records = new TrackRecords(200).Of(new ReturnTable([.. Enumerable.Range(1, 60)], ["ONCE", "NEVER"], [once, never]));
        Assert.Equal((3, 60), (records[0].Recovery!.Value, records[0].Recovery!.Rounds));
        Assert.InRange(records[0].Recovery!.Lower!.Value, 0, 3);
        Assert.Null(records[1].Recovery!.Value);
        Assert.Null(records[1].Recovery!.Upper);
    }

    [Fact]
    public void SameSeed_SameRecords() => Assert.Equal(new TrackRecords(200, seed: 3).Of(Field), new TrackRecords(200, seed: 3).Of(Field));

    [Theory]   // rounds, is there a mean, a year's mean, an annualised figure
    [InlineData(29, false, false)]
    [InlineData(30, true, false)]
    [InlineData(259, true, false)]
    [InlineData(260, true, true)]
    public void TooFewRounds_GiveNoFigure(int rounds, bool mean, bool year)
    {
        var made = SimulatedField.Make(new FieldMoments { EmptyShare = 0 }, 1, rounds, 1, seed: 2).Past;
        var record = new TrackRecords(paths: 100).Of(made)[0];
        Assert.Equal(mean, record.Mean is not null);
        Assert.Equal(mean, record.DeepestDrawdown is not null);
        Assert.Equal(mean, record.Recovery is not null);
        Assert.Equal(year, record.LastYear is not null);
        Assert.Equal(year, record.Annual is not null);
    }

    [Fact]
    public void AllTime_IsWeightedByStake()
    {
        double[] returns = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0.03 : -0.01)];
        var table = new ReturnTable([.. Enumerable.Range(1, 40)], ["A"], [returns]);
        var stakes = new ReturnTable(table.Rounds, table.Models, [[.. Enumerable.Range(0, 40).Select(i => i < 20 ? 1.0 : 9.0)]]);
        Assert.Equal(0.01, new TrackRecords(100).Of(table)[0].AllTime!.Value, 12);
        Assert.Equal(((20 * 0.03) - (180 * 0.01)) / 200, new TrackRecords(100).Of(table, stakes)[0].AllTime!.Value, 12);
    }
}
