using System.Globalization;
using System.Text;

namespace Backstake.Research;

/// <summary>A line of a chart; what lies between <paramref name="Lower"/> and <paramref name="Upper"/> is shaded.</summary>
public sealed record ChartLine(string Name, IReadOnlyList<double> Values, IReadOnlyList<double>? Lower = null, IReadOnlyList<double>? Upper = null);

/// <summary>Lines over the same rounds, one scale.</summary>
public sealed record ChartPanel(string Name, IReadOnlyList<ChartLine> Lines);

/// <summary>
/// Panels under each other over the same rounds, as an SVG with a title, a description, and a table of the figures at some rounds. Readable on light and dark pages; lines differ in dashes as well as
/// in colour. A pure function of its arguments.
/// </summary>
public sealed record LineChart(string Title, string Description, IReadOnlyList<int> Rounds, IReadOnlyList<ChartPanel> Panels)
{
    private const int Width = 860;
    private const int Left = 64;
    private const int Right = 24;
    private const int PanelHeight = 200;
    private const int PanelGap = 46;
    private const int Top = 56;
    private const int RowHeight = 18;
    private const int TableRows = 8;
    private const int LongHead = 9;

    private static readonly string[] Dashes = ["", "6 3", "2 3", "10 3 2 3", "1 2", "12 4"];

    private const string Style = """
        <style>
        text{font:12px system-ui,sans-serif;fill:#1b1f24}.t{font-size:16px;font-weight:600}.m{fill:#57606a}.a{stroke:#8c959f;stroke-width:1}.g{stroke:#d0d7de;stroke-width:1}.b{opacity:.16}
        .l{fill:none;stroke-width:1.8}.s0{stroke:#0550ae}.s1{stroke:#bc4c00}.s2{stroke:#1a7f37}.s3{stroke:#8250df}.s4{stroke:#a40e26}.s5{stroke:#57606a}.f0{fill:#0550ae}.f1{fill:#bc4c00}.f2{fill:#1a7f37}.f3{fill:#8250df}.f4{fill:#a40e26}.f5{fill:#57606a}.p{fill:#fff}
        @media (prefers-color-scheme:dark){text{fill:#e6edf3}.m{fill:#9198a1}.g{stroke:#30363d}.b{opacity:.25}.s0{stroke:#79c0ff}.s1{stroke:#ffa657}.s2{stroke:#7ee787}.s3{stroke:#d2a8ff}.s4{stroke:#ff7b72}.s5{stroke:#9198a1}.f0{fill:#79c0ff}.f1{fill:#ffa657}.f2{fill:#7ee787}.f3{fill:#d2a8ff}.f4{fill:#ff7b72}.f5{fill:#9198a1}.p{fill:#0d1117}}
        </style>
        """;

    public string Draw()
    {
        if (Rounds.Count < 2 || Panels.Any(panel => panel.Lines.Any(line => line.Values.Count != Rounds.Count))) throw new InvalidOperationException("A chart has at least two rounds, and a value of each line for each.");
        var tableTop = Top + (Panels.Count * (PanelHeight + PanelGap)) + 20;
        var rows = TableRounds();
        var height = tableTop + ((rows.Length + 1) * RowHeight) + 12;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-labelledby=\"title description\">\n");
        svg.Append($"<title id=\"title\">{Escape(Title)}</title>\n<desc id=\"description\">{Escape(Description)}</desc>\n{Style.ReplaceLineEndings("\n")}\n");
        svg.Append($"<rect class=\"p\" width=\"{Width}\" height=\"{height}\"/>\n<text class=\"t\" x=\"{Left}\" y=\"24\">{Escape(Title)}</text>\n<text class=\"m\" x=\"{Left}\" y=\"42\">{Escape(Description)}</text>\n");
        for (var p = 0; p < Panels.Count; p++) Draw(svg, Panels[p], Top + (p * (PanelHeight + PanelGap)) + 16);
        DrawTable(svg, rows, tableTop);
        return svg.Append("</svg>\n").ToString();
    }

    private void Draw(StringBuilder svg, ChartPanel panel, int top)
    {
        var all = panel.Lines.SelectMany(line => line.Values.Concat(line.Lower ?? []).Concat(line.Upper ?? [])).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (Math.Min(0, all.Min()), Math.Max(0, all.Max()));
        if (high - low < 1e-12) high = low + 1;
        double X(int i) => Left + ((Width - Left - Right) * (double)i / (Rounds.Count - 1));
        double Y(double value) => top + ((PanelHeight - 16) * (high - value) / (high - low));

        svg.Append($"<text class=\"m\" x=\"{Left}\" y=\"{top - 4}\">{Escape(panel.Name)}");
        for (var l = 0; l < panel.Lines.Count && panel.Lines.Count > 1; l++) svg.Append($"<tspan class=\"f{l % Dashes.Length}\" dx=\"12\">{Escape(panel.Lines[l].Name)}</tspan>");
        svg.Append("</text>\n");
        foreach (var tick in Ticks(low, high)) svg.Append($"<line class=\"{(tick == 0 ? "a" : "g")}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(Y(tick))}\" y2=\"{N(Y(tick))}\"/><text class=\"m\" x=\"{Left - 6}\" y=\"{N(Y(tick) + 4)}\" text-anchor=\"end\">{Short(tick)}</text>\n");
        for (var i = 0; i < 6; i++)
        {
            var at = i * (Rounds.Count - 1) / 5;
            svg.Append($"<text class=\"m\" x=\"{N(X(at))}\" y=\"{top + PanelHeight}\" text-anchor=\"middle\">{Rounds[at]}</text>\n");
        }

        for (var l = 0; l < panel.Lines.Count; l++)
        {
            var line = panel.Lines[l];
            var style = l % Dashes.Length;
            if (line.Lower is { } lower && line.Upper is { } upper)
            {
                var points = Enumerable.Range(0, Rounds.Count).Select(i => $"{N(X(i))},{N(Y(upper[i]))}").Concat(Enumerable.Range(0, Rounds.Count).Reverse().Select(i => $"{N(X(i))},{N(Y(lower[i]))}"));
                svg.Append($"<polygon class=\"b f{style}\" points=\"{string.Join(' ', points)}\"/>\n");
            }

            var drawn = Enumerable.Range(0, Rounds.Count).Where(i => double.IsFinite(line.Values[i])).Select(i => $"{N(X(i))},{N(Y(line.Values[i]))}");
            svg.Append($"<polyline class=\"l s{style}\"{(Dashes[style].Length > 0 ? $" stroke-dasharray=\"{Dashes[style]}\"" : "")} points=\"{string.Join(' ', drawn)}\"/>\n");
        }
    }

    private void DrawTable(StringBuilder svg, int[] rows, int top)
    {
        (string Head, Func<int, double> Value)[] columns =
        [
            .. Panels.SelectMany(panel => panel.Lines.SelectMany(line => new (string, Func<int, double>)?[]
            {
                (panel.Lines.Count > 1 ? line.Name : panel.Name, i => line.Values[i]),
                line.Lower is { } lower ? ("5 %", i => lower[i]) : null,
                line.Upper is { } upper ? ("95 %", i => upper[i]) : null,
            })).Where(column => column is not null).Select(column => column!.Value),
        ];
        var step = (Width - Left - Right) / (columns.Length + 1.0);
        svg.Append("<g role=\"table\" aria-label=\"The figures at some rounds\">\n");
        svg.Append($"<g role=\"row\"><text role=\"columnheader\" class=\"m\" x=\"{Left}\" y=\"{top + 12}\">round</text>");
        for (var c = 0; c < columns.Length; c++)
        {
            // Long heads take two lines: the columns are narrow.
            var (x, head, space) = (N(Left + ((c + 1) * step)), columns[c].Head, columns[c].Head.IndexOf(' '));
            var isLong = space > 0 && head.Length > LongHead;
            svg.Append($"<text role=\"columnheader\" x=\"{x}\" y=\"{top + (isLong ? -2 : 12)}\">{Escape(isLong ? head[..space] : head)}{(isLong ? $"<tspan x=\"{x}\" dy=\"14\">{Escape(head[space..])}</tspan>" : "")}</text>");
        }

        svg.Append("</g>\n");
        for (var r = 0; r < rows.Length; r++) Row(top + ((r + 1) * RowHeight), Rounds[rows[r]].ToString(), c => columns[c].Value(rows[r]) is var x && double.IsFinite(x) ? x.ToString("F3", CultureInfo.InvariantCulture) : "–");
        svg.Append("</g>\n");

        void Row(int y, string first, Func<int, string> cell)
        {
            svg.Append($"<g role=\"row\"><text role=\"rowheader\" class=\"m\" x=\"{Left}\" y=\"{y + 12}\">{first}</text>");
            for (var c = 0; c < columns.Length; c++) svg.Append($"<text role=\"cell\" x=\"{N(Left + ((c + 1) * step))}\" y=\"{y + 12}\">{Escape(cell(c))}</text>");
            svg.Append("</g>\n");
        }
    }

    private int[] TableRounds() => [.. Enumerable.Range(0, TableRows).Select(i => i * (Rounds.Count - 1) / (TableRows - 1)).Distinct()];

    /// <summary>About four round numbers from low to high, zero among them.</summary>
    private static IEnumerable<double> Ticks(double low, double high)
    {
        var raw = (high - low) / 4;
        var scale = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / scale) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * scale;
        for (var k = Math.Ceiling(low / step); k <= Math.Floor(high / step); k++) yield return k == 0 ? 0 : k * step; // no −0
    }

    private static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
