using System.Text.Json;
using System.Text.Json.Serialization;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary>Columns that line up, and JSON; figures in the form all commands use.</summary>
internal static class TextTable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="left">A column of words beside the first: it begins at the left too.</param>
    public static void Write(TextWriter output, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, int left = 0)
    {
        var all = new[] { head }.Concat(rows).ToArray();
        int[] widths = [.. Enumerable.Range(0, head.Count).Select(c => all.Max(row => row[c].Length))];
        foreach (var row in all) output.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 || c == left ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
    }

    public static void WriteJson(TextWriter output, object value) => output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Value and interval; a dash where it is too early to say.</summary>
    public static string Of(Figure? figure, string format = "0.0000") => figure is null ? "–" : Of(figure.Value, figure.Lower, figure.Upper, format);

    public static string Of(double value, double lower, double upper, string format = "0.0000") => $"{value.ToString(format)} [{lower.ToString(format)}, {upper.ToString(format)}]";
}
