namespace Backstake.Research;

/// <summary>A model's running sum with its band, and its drawdown under it.</summary>
public static class TrackChart
{
    public static LineChart Of(string model, EquityBand band) => new(
        model, "Running sum of returns on a round's stake; shaded: nine of ten histories that might as well have been (bootstrap paths). Under it the fall below the highest so far.", band.Rounds,
        [new ChartPanel("running sum", Unit, [new ChartLine(model, band.Equity, band.Lower, band.Upper)]), new ChartPanel("drawdown", Unit, [new ChartLine(model, band.Drawdown)])]);

    /// <summary>Of running sums of returns: 1 is what was staked on one round.</summary>
    internal const string Unit = "in stakes of a round";
}

/// <summary>Slots kept and shuffled.</summary>
public static class SlotChart
{
    public static LineChart Of(SlotComparison c)
    {
        var order = Enumerable.Range(0, c.Kept.Length).OrderBy(m => c.Kept[m][^1]).ToArray();
        return new LineChart(
            "Slots: kept or shuffled every week", $"Running sum of one slot. Shaded: nine of ten of {c.Seeds} shuffles.", c.Rounds,
            [new ChartPanel("running sum", TrackChart.Unit, [new ChartLine("shuffled", c.ShuffledMedian, c.ShuffledLower, c.ShuffledUpper), new ChartLine("average", c.Average), new ChartLine("best kept", c.Kept[order[^1]]), new ChartLine("worst kept", c.Kept[order[0]])])]);
    }
}
