using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Backstake.Accounting;
using Backstake.Cli.Research;
using Backstake.Cli.Scores;
using Backstake.Research;

namespace Backstake.Cli.Simulate;

/// <summary><c>backstake simulate</c>: what terms would have given a backer and the owner, had a model's rounds come in other orders.</summary>
internal static class SimulateCommand
{
    private const int MostPaths = 1_000_000;
    private const int MostRounds = 2_600; // 520 weeks, the longest term

    public static Command Create()
    {
        var scores = new Option<DirectoryInfo>("--scores") { Description = $"The folder of {ScoresDownload.Corr20File} and {ScoresDownload.Mmc20File} ('backstake scores download' fetches them).", HelpName = "DIR", Required = true };
        var model = new Option<string>("--model") { Description = "The model, by its name in the files.", HelpName = "NAME", Required = true };
        var terms = new Option<FileInfo>("--terms") { Description = "The terms, as one of a replay file's.", HelpName = "FILE", Required = true };
        var units = Number("--units", "How many units the backer buys.", 1, (int)Units.MostOfAnEvent, 10);
        var house = new Option<Nmr?>("--house") { Description = "The owner's own capital (by default what the terms ask for).", HelpName = "NMR", CustomParser = Amount };
        var reserve = new Option<Nmr?>("--reserve") { Description = "The owner's reserve (by default what the terms lock).", HelpName = "NMR", CustomParser = Amount };
        var rounds = Number("--rounds", "How many rounds close, five a week.", 1, MostRounds, 60);
        var concurrent = Number("--concurrent", "Into how many parts a unit's value is cut, one a round.", 1, VaultSettings.MostConcurrentRounds, ReturnTable.ResolutionLag + 1);
        var paths = Number("--paths", "How many paths are drawn.", 1, MostPaths, 10_000);
        var block = Number("--block", "Mean number of rounds that follow each other as they did.", 1, MostRounds, Simulation.MeanBlock);
        var seed = Number("--seed", "The same seed gives the same paths.", 0, int.MaxValue, 1);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("simulate", "Fold a model's history under given terms, its rounds drawn anew in blocks many times, and print the 5, 50 and 95 % outcomes. Exit status 1: a file can't be used; 2: the terms are malformed.")
        {
            scores, model, terms, units, house, reserve, rounds, concurrent, paths, block, seed, json, WeightsCommand.Create(),
        };
        command.SetAction(result =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            try
            {
                var termsFile = result.GetRequiredValue(terms);
                var read = TermsOf(File.ReadAllText(termsFile.FullName));
                if (read.IsMalformed(out var malformed))
                {
                    error.WriteLine($"{termsFile}: {malformed}");
                    return ExitStatus.Malformed;
                }

                var name = result.GetRequiredValue(model);
                var offered = read.Value.Terms.Values.Single();
                var least = SimulationPlan.Least(new VaultSettings("simulation", Staking.PerRound, result.GetValue(concurrent)), offered, new Units(result.GetValue(units)), Payout.Compound, result.GetValue(rounds));
                var plan = least with { House = result.GetValue(house) ?? least.House, Reserve = result.GetValue(reserve) ?? least.Reserve };
                var simulation = new Simulation(plan, ModelReturns.Read(result.GetRequiredValue(scores), name));
                var report = new SimulationReport(name, plan, simulation.Draw(result.GetValue(paths), result.GetValue(block), result.GetValue(seed)));
                output.Write(result.GetValue(json) ? report.ToJson() + "\n" : report.ToString());
                return ExitStatus.Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ResearchInputException or ArgumentException)
            {
                error.WriteLine(e.Message.ReplaceLineEndings(" "));
                return ExitStatus.Failed;
            }
        });
        return command;
    }

    /// <summary>The terms are read where a replay file has them: the same bounds, and places that say what is wrong.</summary>
    private static Parsed<ReplayFile> TermsOf(string text) => ReplayFile.Read(Encoding.UTF8.GetBytes(
        $$$"""{"schema":"{{{ReplayFile.Schema}}}","vault":{"id":"simulation","staking":"perRound"},"terms":{"T":{{{text}}}},"events":[]}"""));

    private static Option<int> Number(string name, string description, int least, int most, int usual)
    {
        var option = new Option<int>(name) { Description = $"{description} {least} to {most}, by default {usual}.", HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var number && (number < least || number > most)) result.AddError($"{name}: from {least} to {most}.");
        });
        return option;
    }

    private static Nmr? Amount(ArgumentResult argument)
    {
        if (Nmr.TryParse(argument.Tokens[0].Value, out var amount) && !amount.IsNegative && amount <= Nmr.GreatestSupply) return amount;
        argument.AddError($"{argument.Argument.Name}: an amount of NMR, at most {Nmr.GreatestSupply}.");
        return null;
    }
}
