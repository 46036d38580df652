using System.Globalization;

namespace Backstake.Research;

/// <summary>
/// One kind of score of several models, as the public CSV files hold it: first column roundNumber, then one a model, a cell empty where the model did not take part.
/// A gap is <see cref="double.NaN"/>, never zero.
/// </summary>
public sealed class ScoreTable
{
    /// <summary>CORR20 and MMC20 are correlations or less: nothing beyond ±1 can be one.</summary>
    public const double GreatestScore = 1;

    private const string RoundColumn = "roundNumber";

    private ScoreTable(string name, string[] models, SortedDictionary<int, double[]> rows) => (Name, Models, Rows) = (name, models, rows);

    /// <summary>What errors call it.</summary>
    public string Name { get; }

    public IReadOnlyList<string> Models { get; }

    /// <summary>By round; in the order of <see cref="Models"/>.</summary>
    public IReadOnlyDictionary<int, double[]> Rows { get; }

    /// <summary>Throws <see cref="ResearchInputException"/> with the name and the line for anything that is not of the form above.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="text">The file's content.</param>
    /// <param name="least">The least number that can be one.</param>
    /// <param name="greatest">The greatest.</param>
    public static ScoreTable Read(string name, string text, double least = -GreatestScore, double greatest = GreatestScore)
    {
        var lines = text.Split('\n');
        var header = lines[0].TrimEnd('\r').Split(',');
        if (header[0] != RoundColumn || header.Length < 2 || header.Any(h => h.Length == 0) || header.Distinct().Count() != header.Length)
        {
            throw new ResearchInputException($"{name}, line 1: expected '{RoundColumn}' and then the name of each model, once.");
        }

        var rows = new SortedDictionary<int, double[]>();
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0) continue;
            var cells = line.Split(',');
            if (cells.Length != header.Length) throw new ResearchInputException($"{name}, line {i + 1}: {cells.Length} cells instead of {header.Length}.");
            if (!int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round)) throw new ResearchInputException($"{name}, line {i + 1}: '{cells[0]}' is not a round number.");
            if (!rows.TryAdd(round, [.. cells.Skip(1).Select((cell, model) => Number(cell, $"{name}, line {i + 1}, {header[model + 1]}", least, greatest))])) throw new ResearchInputException($"{name}, line {i + 1}: round {round} is there twice.");
        }

        if (rows.Count == 0) throw new ResearchInputException($"{name} holds no round.");
        for (var model = 1; model < header.Length; model++)
        {
            var column = model - 1;
            if (rows.Values.All(row => double.IsNaN(row[column]))) throw new ResearchInputException($"{name}: {header[model]} has no score in any round; take its column out.");
        }

        return new ScoreTable(name, header[1..], rows);
    }

    private static double Number(string cell, string place, double least, double greatest)
    {
        if (cell.Length == 0) return double.NaN;
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) throw new ResearchInputException($"{place}: '{cell}' is not a finite number.");
        return number >= least && number <= greatest ? number : throw new ResearchInputException($"{place}: {cell} is absurd: it lies between {least} and {greatest}.");
    }
}
