using System.Text;

namespace Backstake.Cli.Scores;

/// <summary>Brings together scores of several models and writes them as the sandbox reads them: nothing is written unless everything came.</summary>
internal sealed class ScoresDownload(NumeraiScores numerai)
{
    public const string Corr20File = "numerai-corr20-by-round.csv";
    public const string Mmc20File = "numerai-mmc20-by-round.csv";

    /// <summary>Writes both files into a folder, which is made if need be; gives how many scores they hold.</summary>
    /// <exception cref="ScoresUnavailableException">Something is missing; the message says what to do.</exception>
    public async Task<int> Write(IReadOnlyList<string> models, int first, int last, DirectoryInfo folder, CancellationToken stop)
    {
        var newest = await numerai.NewestRound(stop);
        if (last > newest) throw new ScoresUnavailableException($"There is no round {last} yet: the newest is {newest}.");
        var scores = new List<IReadOnlyDictionary<int, RoundScores>>();
        foreach (var model in models) scores.Add(await numerai.Of(model, first, last, newest - first + 1, stop));

        var corr = Table(models, first, last, (model, round) => scores[model].GetValueOrDefault(round).Corr20);
        var mmc = Table(models, first, last, (model, round) => scores[model].GetValueOrDefault(round).Mmc20);
        var values = scores.SelectMany(model => model.Values).Sum(round => (round.Corr20 is null ? 0 : 1) + (round.Mmc20 is null ? 0 : 1));
        if (values == 0) throw new ScoresUnavailableException($"None of {string.Join(", ", models)} has a CORR20 or MMC20 score in rounds {first} to {last}.");
        folder.Create();
        WholeFiles.Write([(Path.Combine(folder.FullName, Corr20File), Encoding.UTF8.GetBytes(corr)), (Path.Combine(folder.FullName, Mmc20File), Encoding.UTF8.GetBytes(mmc))]);
        return values;
    }

    private static string Table(IReadOnlyList<string> models, int first, int last, Func<int, int, string?> score)
    {
        var table = new StringBuilder().Append("roundNumber,").AppendJoin(',', models).Append('\n');
        for (var round = first; round <= last; round++) table.Append(round).Append(',').AppendJoin(',', models.Select((_, model) => score(model, round))).Append('\n');
        return table.ToString();
    }
}
