using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake track</c>: what models (or units of their vaults) did, with intervals, as a table, JSON, or pictures.</summary>
internal static class TrackCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var models = new Argument<string[]>("MODEL") { Description = "Models (by default all).", Arity = ArgumentArity.ZeroOrMore };
        var stakes = new Option<FileInfo?>("--stakes") { Description = "What was staked, in a file of the scores' form (NMR): weights of the all-time return.", HelpName = "FILE" };
        var svg = new Option<DirectoryInfo?>("--svg") { Description = "Draw each model's running sum and drawdown into MODEL.svg in this folder.", HelpName = "DIR" };
        var paths = new Option<int>("--paths") { Description = "Bootstrap paths.", HelpName = "N", DefaultValueFactory = _ => TrackRecords.DefaultPaths };
        return field.Create("track", "Track records: returns a round on the round's stake, each figure with its 90 % interval. 30 resolved rounds at least.", (result, output) =>
        {
            var known = field.Known(result);
            if (result.GetValue(models) is { Length: > 0 } named) known = known.Of(named);
            if (result.GetValue(paths) < 100) throw new ResearchInputException("At least 100 paths: 5 % of fewer is nothing.");
            var seed = result.GetValue(field.Seed);
            var records = new TrackRecords(result.GetValue(paths), seed).Of(known, result.GetValue(stakes) is { } file ? StakesFile.ByRound(file, known) : null);
            if (result.GetValue(field.Json)) TextTable.WriteJson(output, new { seed, rounds = new { first = known.Rounds[0], last = known.Rounds[^1] }, models = records });
            else Print(output, records);
            if (result.GetValue(svg) is { } folder) Draw(known, folder, seed);
        }, models, field.Until, field.Terms, stakes, svg, paths);
    }

    private static void Print(TextWriter output, IReadOnlyList<TrackRecord> records)
    {
        var known = records.Where(r => r.Mean is not null).ToArray();
        TextTable.Write(output, ["model", "rounds", "missed", "mean a round", "volatility", "CVaR 95 %", "deepest drawdown", "longest", "recovered in", "last 20", "last 52 weeks", "all time"], known.Select(r => new[]
        {
            r.Model, $"{r.Submitted}", $"{r.Missed}", TextTable.Of(r.Mean), TextTable.Of(r.Volatility), TextTable.Of(r.Cvar), TextTable.Of(r.DeepestDrawdown, "0.000"), TextTable.Of(r.LongestDrawdown, "0"),
            Told(r.Recovery!), TextTable.Of(r.LastMonth), TextTable.Of(r.LastYear), TextTable.Of(r.AllTime),
        }));
        if (known.Length > 0)
        {
            output.WriteLine("""

                Returns are per round, on what was staked on it; drawdowns in stakes of a round, of running sums. In brackets 90 %: of mean, volatility, CVaR and all time, where they lie in the long run; of drawdowns and
                recoveries, what other histories as long would show; of the last 20 rounds, where nine of ten of all its 20-round means lie. All rest on the rounds in the second column, but for the last 20 and 260.
                """.ReplaceLineEndings("\n"));
        }

        foreach (var early in records.Where(r => r.Mean is null)) output.WriteLine($"{early.Model}: too early to say ({early.Submitted} resolved rounds of the {MeanError.LeastRounds} it takes).");
    }

    private static void Draw(ReturnTable known, DirectoryInfo folder, int seed)
    {
        folder.Create();
        for (var m = 0; m < known.Models.Count; m++)
        {
            if (EquityBand.Of(known, m, seed: seed) is { } band) WholeFiles.Write(Path.Combine(folder.FullName, $"{known.Models[m]}.svg"), TrackChart.Of(known.Models[m], band).Draw());
        }
    }

    private static string Told(Recovery r)
    {
        static string Rounds(int? rounds) => rounds?.ToString() ?? "not yet";
        return $"{Rounds(r.Value)} [{Rounds(r.Lower)}, {Rounds(r.Upper)}]";
    }
}
