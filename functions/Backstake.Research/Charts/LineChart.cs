using System.Text;
using static Backstake.Research.ChartText;

namespace Backstake.Research;

/// <summary>A line of a chart; what lies between <paramref name="Lower"/> and <paramref name="Upper"/> is shaded. A name has one colour and dash in all panels.</summary>
public sealed record ChartLine(string Name, IReadOnlyList<double> Values, IReadOnlyList<double>? Lower = null, IReadOnlyList<double>? Upper = null);

/// <summary>Lines over the same rounds, one scale.</summary>
/// <param name="Name">Short: a head of the table.</param>
/// <param name="Unit">Of the scale.</param>
public sealed record ChartPanel(string Name, string Unit, IReadOnlyList<ChartLine> Lines);

/// <summary>
/// Panels under each other over the same rounds, as an SVG with a title, a description, and a table of the figures at some rounds. Readable on light and dark pages (<see cref="ChartStyle"/>).
/// A pure function of its arguments.
/// </summary>
public sealed record LineChart(string Title, string Description, IReadOnlyList<int> Rounds, IReadOnlyList<ChartPanel> Panels)
{
    private const int Width = 860;
    private const int Left = 64;
    private const int Right = 24;
    private const int PlotWidth = Width - Left - Right;
    private const int PlotHeight = 184;
    private const int LineHeight = 18;
    private const int RoundLabels = 6;

    // A sample of the line, then its name.
    private const int SampleWidth = 22;
    private const int SampleGap = 5;
    private const int EntryGap = 12;

    public string Draw()
    {
        if (Rounds.Count < 2 || Panels.Any(panel => panel.Lines.Any(line => line.Values.Count != Rounds.Count))) throw new InvalidOperationException("A chart has at least two rounds, and a value of each line for each.");
        string[] names = [.. Panels.SelectMany(panel => panel.Lines.Select(line => line.Name)).Distinct()];
        var body = new StringBuilder();
        body.Append($"<text class=\"t\" x=\"{Left}\" y=\"24\">{Escape(Title)}</text>\n");
        var y = 24;
        foreach (var line in Wrap(Description, PlotWidth)) body.Append($"<text class=\"m\" x=\"{Left}\" y=\"{y += LineHeight}\">{Escape(line)}</text>\n");
        foreach (var panel in Panels) y = Draw(body, panel, names, y + 12);
        y = ChartTable.Draw(body, this, Left, PlotWidth, y + 16);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {y + 16}\" role=\"img\" aria-labelledby=\"title description\">\n"
            + $"<title id=\"title\">{Escape(Title)}</title>\n<desc id=\"description\">{Escape(Description)}</desc>\n{ChartStyle.Element}"
            + $"<rect class=\"p\" width=\"{Width}\" height=\"{y + 16}\"/>\n{body}</svg>\n";
    }

    private int Draw(StringBuilder svg, ChartPanel panel, string[] names, int y)
    {
        svg.Append($"<text class=\"m\" x=\"{Left}\" y=\"{y += LineHeight}\">{Escape(panel.Name)}, {Escape(panel.Unit)}</text>\n");
        if (panel.Lines.Count > 1) y = DrawLegend(svg, panel, names, y);
        var top = y + 12;
        var all = panel.Lines.SelectMany(line => line.Values.Concat(line.Lower ?? []).Concat(line.Upper ?? [])).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (Math.Min(0, all.Min()), Math.Max(0, all.Max()));
        if (high - low < 1e-12) high = low + 1;
        double X(int i) => Left + (PlotWidth * (double)i / (Rounds.Count - 1));
        double Y(double value) => top + (PlotHeight * (high - value) / (high - low));

        foreach (var tick in Ticks(low, high)) svg.Append($"<line class=\"{(tick == 0 ? "a" : "g")}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(Y(tick))}\" y2=\"{N(Y(tick))}\"/><text class=\"m\" x=\"{Left - 6}\" y=\"{N(Y(tick) + 4)}\" text-anchor=\"end\">{Number(tick, "0.####")}</text>\n");
        foreach (var i in Enumerable.Range(0, RoundLabels).Select(k => k * (Rounds.Count - 1) / (RoundLabels - 1)).Distinct())
        {
            var anchor = i == 0 ? "start" : i == Rounds.Count - 1 ? "end" : "middle";
            svg.Append($"<text class=\"m\" x=\"{N(X(i))}\" y=\"{top + PlotHeight + LineHeight}\" text-anchor=\"{anchor}\">{(i == 0 ? "round " : "")}{Rounds[i]}</text>\n");
        }

        foreach (var line in panel.Lines)
        {
            var style = StyleOf(line, names);
            if (line.Lower is { } lower && line.Upper is { } upper)
            {
                var points = Enumerable.Range(0, Rounds.Count).Select(i => $"{N(X(i))},{N(Y(upper[i]))}").Concat(Enumerable.Range(0, Rounds.Count).Reverse().Select(i => $"{N(X(i))},{N(Y(lower[i]))}"));
                svg.Append($"<polygon class=\"b f{style} s{style}\" points=\"{string.Join(' ', points)}\"/>\n");
            }

            var drawn = Enumerable.Range(0, Rounds.Count).Where(i => double.IsFinite(line.Values[i])).Select(i => $"{N(X(i))},{N(Y(line.Values[i]))}");
            svg.Append($"<polyline class=\"l s{style}\"{Dash(style)} points=\"{string.Join(' ', drawn)}\"/>\n");
        }

        return top + PlotHeight + LineHeight;
    }

    /// <summary>As many entries in a row as fit.</summary>
    private static int DrawLegend(StringBuilder svg, ChartPanel panel, string[] names, int y)
    {
        y += LineHeight;
        double x = Left;
        foreach (var line in panel.Lines)
        {
            var width = SampleWidth + SampleGap + WidthOf(line.Name);
            if (x > Left && x + width > Width - Right) (x, y) = (Left, y + LineHeight);
            var style = StyleOf(line, names);
            svg.Append($"<line class=\"l s{style}\"{Dash(style)} x1=\"{N(x)}\" x2=\"{N(x + SampleWidth)}\" y1=\"{y - 4}\" y2=\"{y - 4}\"/><text x=\"{N(x + SampleWidth + SampleGap)}\" y=\"{y}\">{Escape(line.Name)}</text>\n");
            x += width + EntryGap;
        }

        return y;
    }

    private static int StyleOf(ChartLine line, string[] names) => Array.IndexOf(names, line.Name) % ChartStyle.Dashes.Length;

    private static string Dash(int style) => ChartStyle.Dashes[style].Length > 0 ? $" stroke-dasharray=\"{ChartStyle.Dashes[style]}\"" : "";

    /// <summary>About four round numbers from low to high, zero among them.</summary>
    private static IEnumerable<double> Ticks(double low, double high)
    {
        var raw = (high - low) / 4;
        var scale = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / scale) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * scale;
        for (var k = Math.Ceiling(low / step); k <= Math.Floor(high / step); k++) yield return k == 0 ? 0 : k * step; // no −0
    }
}
