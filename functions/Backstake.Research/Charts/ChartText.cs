using System.Globalization;

namespace Backstake.Research;

/// <summary>Numbers and words as charts write them.</summary>
internal static class ChartText
{
    /// <summary>Pixels that a letter of 12 px takes, on the wide side: the reader's font is not known.</summary>
    public const double LetterWidth = 7.4;

    public static double WidthOf(string text) => text.Length * LetterWidth;

    /// <summary>A coordinate.</summary>
    public static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>With a minus that is as wide as a digit.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    /// <summary>Lines no wider than this, broken between words; a word that is wider stands alone.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && WidthOf($"{lines[^1]} {word}") <= width) lines[^1] = $"{lines[^1]} {word}";
            else lines.Add(word);
        }

        return lines;
    }
}
