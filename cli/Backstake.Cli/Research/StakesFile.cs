using System.Globalization;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary>Stakes (NMR) as others write them down.</summary>
internal static class StakesFile
{
    private const string Header = "model,account,stake,record";

    /// <summary>By round, in the form of the scores; rounds and models that aren't there have none.</summary>
    public static ReturnTable ByRound(FileInfo file, ReturnTable returns)
    {
        var table = ScoreTable.Read(file.Name, File.ReadAllText(file.FullName), least: 0, greatest: 11_000_000);
        var unknown = table.Models.Except(returns.Models).ToArray();
        if (unknown.Length > 0) throw new ResearchInputException($"{file.Name}: there are no scores of {string.Join(", ", unknown)}.");
        var columns = table.Models.Select((model, column) => (model, column)).ToDictionary(m => m.model, m => m.column);
        double[] Row(string model) => [.. returns.Rounds.Select(round => columns.TryGetValue(model, out var column) && table.Rows.TryGetValue(round, out var row) ? row[column] : double.NaN)];
        return new ReturnTable(returns.Rounds, returns.Models, [.. returns.Models.Select(Row)]);
    }

    /// <summary>A line for each model: model,account,stake,record.</summary>
    public static IReadOnlyList<StakedModel> ByAccount(FileInfo file)
    {
        var lines = File.ReadAllLines(file.FullName);
        if (lines.Length < 2 || lines[0] != Header) throw new ResearchInputException($"{file.Name}, line 1: expected '{Header}', then a line for each model.");
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select((line, i) =>
        {
            var cells = line.Split(',');
            return cells.Length == 4 && cells[0].Length > 0 && cells[1].Length > 0 && double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var stake) && double.IsFinite(stake) && stake >= 0 && int.TryParse(cells[3], NumberStyles.None, CultureInfo.InvariantCulture, out var record)
                ? new StakedModel(cells[0], cells[1], stake, record)
                : throw new ResearchInputException($"{file.Name}, line {i + 2}: expected a model, an account, a stake and its resolved rounds.");
        })];
    }
}
