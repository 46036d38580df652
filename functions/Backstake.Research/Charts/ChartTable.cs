using System.Text;
using static Backstake.Research.ChartText;

namespace Backstake.Research;

/// <summary>The figures of a chart at some of its rounds, as text under it: for those who would rather read, and for screen readers.</summary>
internal static class ChartTable
{
    private const int RowHeight = 18;
    private const int LineHeight = 14;
    private const int Rows = 8;

    /// <summary>More would not fit beside each other.</summary>
    private const int MostColumns = 8;

    /// <summary>Appends one table, or one for each panel where one would be too wide, from <paramref name="top"/> on; the answer is where they end.</summary>
    public static int Draw(StringBuilder svg, LineChart chart, int left, int width, int top)
    {
        var byPanel = chart.Panels.Select(panel => (panel.Name, Columns: Columns(panel).ToArray())).ToArray();
        if (byPanel.Sum(panel => panel.Columns.Length) <= MostColumns) return Draw(svg, chart.Rounds, string.Join(" and ", byPanel.Select(p => p.Name)), [.. byPanel.SelectMany(panel => panel.Columns)], left, width, top);
        foreach (var (name, columns) in byPanel)
        {
            svg.Append($"<text class=\"m\" x=\"{left}\" y=\"{top += RowHeight}\">{Escape(name)}</text>\n");
            top = Draw(svg, chart.Rounds, name, columns, left, width, top + 4) + 4;
        }

        return top;
    }

    private static IEnumerable<(string Head, Func<int, double> Value)> Columns(ChartPanel panel)
    {
        foreach (var line in panel.Lines)
        {
            yield return (panel.Lines.Count == 1 ? panel.Name : line.Name, i => line.Values[i]);
            if (line.Lower is { } lower) yield return ("5 %", i => lower[i]);
            if (line.Upper is { } upper) yield return ("95 %", i => upper[i]);
        }
    }

    private static int Draw(StringBuilder svg, IReadOnlyList<int> rounds, string name, (string Head, Func<int, double> Value)[] columns, int left, int width, int top)
    {
        var step = width / (columns.Length + 1.0);
        var heads = columns.Select(column => Wrap(column.Head, step - LetterWidth)).ToArray();
        var y = top + (heads.Max(head => head.Count) * LineHeight); // heads stand on the line above the first row
        svg.Append($"<g role=\"table\" aria-label=\"{Escape(name)} at some rounds\">\n<g role=\"row\">");
        svg.Append($"<text role=\"columnheader\" class=\"m\" x=\"{left}\" y=\"{y}\">round</text>");
        for (var c = 0; c < columns.Length; c++)
        {
            var x = N(left + ((c + 1) * step));
            svg.Append($"<text role=\"columnheader\" x=\"{x}\" y=\"{y - ((heads[c].Count - 1) * LineHeight)}\">");
            for (var i = 0; i < heads[c].Count; i++) svg.Append(i == 0 ? Escape(heads[c][0]) : $" <tspan x=\"{x}\" dy=\"{LineHeight}\">{Escape(heads[c][i])}</tspan>");
            svg.Append("</text>");
        }

        svg.Append("</g>\n");
        foreach (var at in Enumerable.Range(0, Rows).Select(i => i * (rounds.Count - 1) / (Rows - 1)).Distinct())
        {
            y += RowHeight;
            svg.Append($"<g role=\"row\"><text role=\"rowheader\" class=\"m\" x=\"{left}\" y=\"{y}\">{rounds[at]}</text>");
            for (var c = 0; c < columns.Length; c++)
            {
                var value = columns[c].Value(at);
                svg.Append($"<text role=\"cell\" x=\"{N(left + ((c + 1) * step))}\" y=\"{y}\">{(double.IsFinite(value) ? Number(value, "F3") : "–")}</text>");
            }

            svg.Append("</g>\n");
        }

        svg.Append("</g>\n");
        return y;
    }
}
