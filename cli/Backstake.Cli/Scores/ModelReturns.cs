using Backstake.Research;

namespace Backstake.Cli.Scores;

/// <summary>A model's returns from the two score files.</summary>
internal static class ModelReturns
{
    /// <summary>From the model's first round to its last; gaps between stay gaps. Throws <see cref="ResearchInputException"/> where the files don't have them.</summary>
    public static double[] Read(DirectoryInfo folder, string model)
    {
        ScoreTable Table(string file) => ScoreTable.Read(file, File.ReadAllText(Path.Combine(folder.FullName, file)));
        var table = ReturnTable.From(Table(ScoresDownload.Corr20File), Table(ScoresDownload.Mmc20File), PayoutRule.Classic20);
        var returns = table[table.IndexOf(model)];
        var (first, last) = (0, returns.Length - 1);
        while (first <= last && double.IsNaN(returns[first])) first++;
        while (last > first && double.IsNaN(returns[last])) last--;
        return first <= last ? returns[first..(last + 1)].ToArray() : throw new ResearchInputException($"{model} has no round with both scores.");
    }
}
