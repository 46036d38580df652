using System.Xml.Linq;

namespace Backstake.Research.Tests.Charts;

public class LineChartTest
{
    private static readonly LineChart Chart = new("A <& B", "What \"it\" shows", [1, 2, 3],
        [new ChartPanel("equity", [new ChartLine("equity", [0, 1, 2], [0, 0.5, 1], [0, 1.5, 3])]), new ChartPanel("drawdown", [new ChartLine("one", [0, -1, 0]), new ChartLine("two", [0, double.NaN, -2])])]);

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Drawing_IsWellFormed_WithTitleDescriptionAndTable()
    {
        var svg = XDocument.Parse(Chart.Draw()).Root!;
        Assert.Equal("A <& B", svg.Element(Svg + "title")!.Value);
        Assert.Equal("What \"it\" shows", svg.Element(Svg + "desc")!.Value);
        var rows = svg.Descendants(Svg + "g").Where(g => (string?)g.Attribute("role") == "row").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToArray();
        Assert.Equal(["round", "equity", "5 %", "95 %", "one", "two"], rows[0]);
        Assert.Equal(["2", "1.000", "0.500", "1.500", "-1.000", "–"], rows[2]);
        Assert.Contains("prefers-color-scheme:dark", svg.Element(Svg + "style")!.Value);
    }

    [Fact]
    public void SameArguments_SameDrawing() => Assert.Equal(Chart.Draw(), (Chart with { }).Draw());

    [Fact]
    public void MissingValues_AreRefused() => Assert.Throws<InvalidOperationException>(() => (Chart with { Rounds = [1, 2] }).Draw());

    [Fact]
    public void Band_HoldsItsLine_AndIsAbsentWhereItIsTooEarly()
    {
        var field = SimulatedField.Make(new FieldMoments { EmptyShare = 0 }, 1, 295, 1, seed: 3).Past;
        var band = EquityBand.Of(field, 0, paths: 200)!;
        Assert.Equal(field.Submitted(0).Sum(), band.Equity[^1], 9);
        Assert.True(band.Lower[^1] < band.Equity[^1] && band.Equity[^1] < band.Upper[^1]);
        Assert.Equal(-Risk.MaxDrawdown(field.Submitted(0)), band.Drawdown.Min(), 9);
        Assert.Null(EquityBand.Of(field.Between(1, 29), 0));
    }
}
