using System.Globalization;
using System.Text;

namespace Backstake.Sandbox.Scores;

/// <summary>
/// One kind of score of several models over rounds, as the two public CSV files hold it: first column roundNumber, one column a model, a cell empty where the model did not take part.
/// </summary>
public sealed class ScoreTable
{
    private const string RoundColumn = "roundNumber";
    private readonly Dictionary<string, int> columns;
    private readonly SortedDictionary<int, ExactDecimal?[]> rows;

    public ScoreTable(IReadOnlyList<string> models, IEnumerable<KeyValuePair<int, ExactDecimal?[]>> rows)
    {
        Models = models;
        columns = models.Select((name, index) => (name, index)).ToDictionary(m => m.name, m => m.index);
        this.rows = new SortedDictionary<int, ExactDecimal?[]>(rows.ToDictionary(r => r.Key, r => r.Value));
    }

    public IReadOnlyList<string> Models { get; }

    public IReadOnlyCollection<int> Rounds => rows.Keys;

    /// <summary>Null: the model did not take part, or nothing is known of the round or the model.</summary>
    public ExactDecimal? Find(string model, int round) => rows.TryGetValue(round, out var row) && columns.TryGetValue(model, out var column) ? row[column] : null;

    /// <summary>Reads a file; throws FormatException with its name and line for anything that is not of the form above.</summary>
    public static ScoreTable Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        return Read(reader, Path.GetFileName(path));
    }

    public static ScoreTable Read(TextReader reader, string name)
    {
        var header = (reader.ReadLine() ?? throw new FormatException($"{name} is empty.")).Split(',');
        if (header[0] != RoundColumn || header.Length < 2 || header.Any(h => h.Length == 0) || header.Distinct().Count() != header.Length)
        {
            throw new FormatException($"{name}, line 1: expected '{RoundColumn}' and then the name of each model, once.");
        }
        var table = new Dictionary<int, ExactDecimal?[]>();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                continue;
            }
            var cells = text.Split(',');
            if (cells.Length != header.Length)
            {
                throw new FormatException($"{name}, line {line}: {cells.Length} cells instead of {header.Length}.");
            }
            if (!int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round))
            {
                throw new FormatException($"{name}, line {line}: '{cells[0]}' is not a round number.");
            }
            var row = new ExactDecimal?[cells.Length - 1];
            for (var i = 0; i < row.Length; i++)
            {
                if (cells[i + 1].Length == 0)
                {
                    continue;
                }
                row[i] = ExactDecimal.TryParse(cells[i + 1], out var value) ? value : throw new FormatException($"{name}, line {line}: '{cells[i + 1]}' is not a decimal number.");
            }
            if (!table.TryAdd(round, row))
            {
                throw new FormatException($"{name}, line {line}: round {round} is there twice.");
            }
        }
        return new ScoreTable(header[1..], table);
    }

    /// <summary>Writes the same form, rounds ascending, plain decimals.</summary>
    public void Write(TextWriter writer)
    {
        writer.Write($"{RoundColumn},{string.Join(',', Models)}\n");
        foreach (var (round, row) in rows)
        {
            writer.Write($"{round},{string.Join(',', row.Select(v => v?.ToString() ?? ""))}\n");
        }
    }

    public void Write(string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Write(writer);
    }
}
