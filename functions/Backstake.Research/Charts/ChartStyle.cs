namespace Backstake.Research;

/// <summary>
/// Colours and dashes. Text has a contrast of at least 4.5 to its page and lines of at least 3 (WCAG 2.2, 1.4.3 and 1.4.11), light and dark; lines differ in dashes too, for those who don't see colours.
/// </summary>
internal static class ChartStyle
{
    /// <summary>Of each line; there are no more than these before they come again.</summary>
    public static readonly string[] Dashes = ["", "6 3", "2 3", "10 3 2 3", "1 2", "12 4", "4 2 1 2 1 2"];

    public static readonly ChartColours Light = new("#ffffff", "#1b1f24", "#57606a", "#6e7781", "#d0d7de", ["#0550ae", "#bc4c00", "#1a7f37", "#8250df", "#a40e26", "#57606a", "#0e7490"], "0.16");
    public static readonly ChartColours Dark = new("#0d1117", "#e6edf3", "#9198a1", "#8c959f", "#30363d", ["#79c0ff", "#ffa657", "#7ee787", "#d2a8ff", "#ff7b72", "#9198a1", "#67e8f9"], "0.25");

    /// <summary>The style element: p page, t title, m muted, a axis, g grid, b band; s and f with a number are a line's stroke and fill.</summary>
    public static string Element { get; } =
        $"<style>\ntext{{font:12px system-ui,sans-serif}}.t{{font-size:16px;font-weight:600}}.a,.g{{stroke-width:1}}.b{{stroke-width:1;stroke-opacity:.5}}.l{{fill:none;stroke-width:1.8}}\n{Rules(Light)}\n@media (prefers-color-scheme:dark){{{Rules(Dark)}}}\n</style>\n";

    private static string Rules(ChartColours c) =>
        $"text{{fill:{c.Text}}}.m{{fill:{c.Muted}}}.p{{fill:{c.Page}}}.a{{stroke:{c.Axis}}}.g{{stroke:{c.Grid}}}.b{{fill-opacity:{c.BandOpacity}}}"
        + string.Concat(c.Lines.Select((colour, i) => $".s{i}{{stroke:{colour}}}.f{i}{{fill:{colour}}}"));
}

/// <param name="Grid">Only helps the eye: it may be fainter than the rest.</param>
internal sealed record ChartColours(string Page, string Text, string Muted, string Axis, string Grid, IReadOnlyList<string> Lines, string BandOpacity);
