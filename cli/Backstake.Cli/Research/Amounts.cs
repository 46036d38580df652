using System.Globalization;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary>
/// Parts or amounts by model, as a user gives them: A=1,B=2 in place, or a file. A file has a line A,1 for each model, or a header that names its columns: model, the amount (stake, amount or part), and whatever else;
/// where there is a column account, a model may stand in several lines, and its amounts add up.
/// </summary>
internal static class Amounts
{
    public const string Form = "A=100,B=50, or a file with a line A,100 for each (a header such as model,stake or model,account,stake,record may say which column is which).";

    private static readonly string[] AmountColumns = ["stake", "amount", "part"];

    /// <summary>Throws <see cref="ResearchInputException"/> with the place for anything else.</summary>
    public static Dictionary<string, double> Of(string text)
    {
        if (File.Exists(text)) return OfFile(text);
        if (!text.Contains('=')) throw new ResearchInputException($"'{text}' is not MODEL=AMOUNT, and there is no such file.");
        var amounts = new Dictionary<string, double>();
        foreach (var entry in text.Split(','))
        {
            var parts = entry.Split('=');
            if (parts.Length != 2 || Number(parts[1]) is not { } amount || !amounts.TryAdd(parts[0].Trim(), amount)) throw new ResearchInputException($"'{entry}' is not MODEL=AMOUNT, each model once.");
        }

        return amounts;
    }

    private static Dictionary<string, double> OfFile(string path)
    {
        var name = Path.GetFileName(path);
        (string[] Cells, int Line)[] lines = [.. File.ReadAllLines(path).Select((line, i) => (line.Split(',').Select(cell => cell.Trim()).ToArray(), i + 1)).Where(line => line.Item1.Any(cell => cell.Length > 0))];
        if (lines.Length == 0) throw new ResearchInputException($"{name} is empty: expected a line MODEL,AMOUNT for each model.");
        var (model, amount, hasAccounts, width) = (0, 1, false, 2);
        var head = lines[0].Cells;
        if (head.Contains("model"))
        {
            (model, amount, hasAccounts, width) = (Array.IndexOf(head, "model"), Array.FindIndex(head, AmountColumns.Contains), head.Contains("account"), head.Length);
            if (amount < 0) throw new ResearchInputException($"{name}, line {lines[0].Line}: the header names no column stake, amount or part.");
            lines = lines[1..];
        }

        var amounts = new Dictionary<string, double>();
        foreach (var (cells, line) in lines)
        {
            if (cells.Length != width || cells[model].Length == 0 || Number(cells[amount]) is not { } value) throw new ResearchInputException($"{name}, line {line}: '{string.Join(',', cells)}' is not {(width == 2 ? "MODEL,AMOUNT" : "as the header says")}, with a finite amount without separators.");
            if (!amounts.TryAdd(cells[model], value))
            {
                if (!hasAccounts) throw new ResearchInputException($"{name}, line {line}: {cells[model]} is there twice.");
                amounts[cells[model]] += value;
            }
        }

        return amounts;
    }

    private static double? Number(string text) => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
