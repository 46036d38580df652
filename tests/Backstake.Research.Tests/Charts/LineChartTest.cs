using System.Globalization;
using System.Xml.Linq;

namespace Backstake.Research.Tests.Charts;

public class LineChartTest
{
    private static readonly LineChart Chart = new("A <& B", "What \"it\" shows", [1, 2, 3],
        [new ChartPanel("equity", "in stakes", [new ChartLine("equity", [0, 1, 2], [0, 0.5, 1], [0, 1.5, 3])]), new ChartPanel("drawdown", "in stakes", [new ChartLine("one", [0, -1, 0]), new ChartLine("two", [0, double.NaN, -2])])]);

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Drawing_IsWellFormed_WithTitleDescriptionAndTable()
    {
        var svg = XDocument.Parse(Chart.Draw()).Root!;
        Assert.Equal("A <& B", svg.Element(Svg + "title")!.Value);
        Assert.Equal("What \"it\" shows", svg.Element(Svg + "desc")!.Value);
        var rows = Rows(svg);
        Assert.Equal(["round", "equity", "5 %", "95 %", "one", "two"], rows[0]);
        Assert.Equal(["2", "1.000", "0.500", "1.500", "−1.000", "–"], rows[2]);
        Assert.Contains("prefers-color-scheme:dark", svg.Element(Svg + "style")!.Value);
    }

    [Fact]
    public void Scales_NameTheirUnit_AndTheRounds()
    {
        var texts = XDocument.Parse(Chart.Draw()).Descendants(Svg + "text").Select(text => text.Value).ToArray();
        Assert.Contains("equity, in stakes", texts);
        Assert.Contains("drawdown, in stakes", texts);
        Assert.Equal(2, texts.Count(text => text == "round 1"));
    }

    [Fact]
    public void LegendAndLines_ShareColourAndDash_InEveryPanel()
    {
        var chart = Walks(["growth", "cvar"], ["cvar", "growth"]);
        var lines = XDocument.Parse(chart.Draw()).Root!.Elements().Where(e => ((string?)e.Attribute("class"))?.StartsWith("l ", StringComparison.Ordinal) == true).ToArray();
        var styles = lines.Select(e => ((string)e.Attribute("class")!, (string?)e.Attribute("stroke-dasharray"))).ToArray();
        // A panel's legend, then its lines; the second panel names them the other way round.
        Assert.Equal([styles[0], styles[1], styles[0], styles[1], styles[1], styles[0], styles[1], styles[0]], styles);
        Assert.NotEqual(styles[0].Item2, styles[1].Item2);
    }

    [Fact]
    public void TooManyColumns_MakeATableForEachPanel()
    {
        string[] names = ["growth", "balanced", "cvar", "equal weight", "best so far", "top 5 so far", "inverse volatility"];
        var heads = Rows(XDocument.Parse(Walks(names, names[..4]).Draw()).Root!).Where(row => row[0] == "round").ToArray();
        Assert.Equal([["round", .. names], ["round", .. names[..4]]], heads);
    }

    public static TheoryData<string> Drawings => ["track", "slots", "walk-forward", "small"];

    [Theory]
    [MemberData(nameof(Drawings))]
    public void NoTwoTexts_LieOnEachOther_AndNoneLeavesThePage(string name)
    {
        var boxes = Boxes(XDocument.Parse(Drawing(name).Draw()).Root!).ToArray();
        Assert.True(boxes.Length > 20);
        Assert.All(boxes, box => Assert.True(box.Left >= 0 && box.Right <= 860, $"'{box.Text}' leaves the page"));
        for (var i = 0; i < boxes.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (boxes[i], boxes[j]);
                var isApart = a.Right <= b.Left || b.Right <= a.Left || Math.Abs(a.Baseline - b.Baseline) >= 12;
                Assert.True(isApart, $"'{a.Text}' lies on '{b.Text}'");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TextAndLines_StandOutFromThePage(bool dark)
    {
        var colours = dark ? ChartStyle.Dark : ChartStyle.Light;
        Assert.All([colours.Text, colours.Muted], colour => Assert.True(Contrast(colour, colours.Page) >= 4.5, colour));
        Assert.All([.. colours.Lines, colours.Axis], colour => Assert.True(Contrast(colour, colours.Page) >= 3, colour));
        Assert.Equal(ChartStyle.Dashes.Length, colours.Lines.Distinct().Count());
        Assert.All([colours.Page, colours.Text, colours.Muted, .. colours.Lines], colour => Assert.Contains(colour, Chart.Draw(), StringComparison.Ordinal));
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

    private static LineChart Drawing(string name)
    {
        var field = SimulatedField.Make(new FieldMoments(), 8, 200, 1, seed: 3).Past;
        return name switch
        {
            "track" => TrackChart.Of("A_MODEL_WITH_A_LONG_NAME", EquityBand.Of(field, 0, paths: 100)!),
            "slots" => SlotChart.Of(new SlotShuffle(field).Compare(seeds: 50, firstSeed: 1)),
            "walk-forward" => new Evaluation([.. PortfolioObjective.All.Select(o => o.Name).Concat(Yardsticks.All.Select(y => y.Name)).Select((n, i) => new WalkForward(n, field.Rounds, field[i].ToArray(), 0))], [], new Dictionary<string, IReadOnlyList<SettingChoice>>()).Chart(),
            _ => Chart,
        };
    }

    private static LineChart Walks(string[] above, string[] below)
    {
        ChartLine[] Lines(string[] names) => [.. names.Select((n, i) => new ChartLine(n, [0, i, 1]))];
        return new LineChart("t", "d", [1, 2, 3], [new ChartPanel("running sum", "u", Lines(above)), new ChartPanel("drawdown", "u", Lines(below))]);
    }

    private static string[][] Rows(XElement svg) =>
        [.. svg.Descendants(Svg + "g").Where(g => (string?)g.Attribute("role") == "row").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    /// <summary>Of every line of text: 7.4 pixels a letter, which is wider than most fonts.</summary>
    private static IEnumerable<(string Text, double Left, double Right, double Baseline)> Boxes(XElement svg)
    {
        foreach (var text in svg.Descendants(Svg + "text"))
        {
            var y = Number(text, "y");
            var (words, x) = (string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value)).Trim(), Number(text, "x"));
            yield return Box(words, x, y, (string?)text.Attribute("text-anchor"), (string?)text.Attribute("class") == "t" ? 16 : 12);
            foreach (var below in text.Elements(Svg + "tspan")) yield return Box(below.Value, Number(below, "x"), y += Number(below, "dy"), null, 12);
        }
    }

    private static (string Text, double Left, double Right, double Baseline) Box(string text, double x, double y, string? anchor, int size)
    {
        var width = text.Length * 7.4 * size / 12;
        var left = anchor switch { "end" => x - width, "middle" => x - (width / 2), _ => x };
        return (text, left, left + width, y);
    }

    private static double Number(XElement element, string name) => double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    /// <summary>WCAG 2.2, relative luminance.</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at) => Convert.ToInt32(colour.Substring(at, 2), 16) / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }
}
