using System.CommandLine;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake simulate weights</c>: whose stake should count.</summary>
internal static class WeightsCommand
{
    public static Command Create()
    {
        var field = new FieldOptions();
        var stakes = new Option<FileInfo?>("--stakes") { Description = "Stakes of models with scores: a file with the header model,account,stake,record. By default a field heavy with whales is made from the seed.", HelpName = "FILE" };
        var accounts = new Option<int>("--accounts") { Description = "Accounts of the made field; the 15 largest hold half.", HelpName = "N", DefaultValueFactory = _ => 300 };
        var total = new Option<double>("--total") { Description = "Stake of the made field, NMR.", HelpName = "NMR", DefaultValueFactory = _ => 500_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of the made field.", HelpName = "N", DefaultValueFactory = _ => 295 };
        return field.Create("weights", "Stake-weighted average of scores under several rules: return, drawdown, concentration, what a sybil gains, payouts of accounts.", (result, output) =>
        {
            if (result.GetValue(rounds) is < MeanError.LeastRounds or > 5_000 || result.GetValue(accounts) > 5_000) throw new ResearchInputException($"From {MeanError.LeastRounds} to 5,000 rounds, and at most 5,000 accounts.");
            var made = result.GetValue(stakes) is { } file
                ? new StakedField(StakesFile.ByAccount(file), field.Read(result))
                : StakedField.WhaleHeavy(result.GetValue(accounts), result.GetValue(total), result.GetValue(rounds), result.GetValue(field.Seed));
            var outcomes = StakeRule.All.Select(rule => StakeRuleOutcome.Of(rule, made)).ToArray();
            if (result.GetValue(field.Json))
            {
                TextTable.WriteJson(output, new { seed = result.GetValue(field.Seed), rules = outcomes });
                return;
            }

            var accountStakes = made.Stakes.GroupBy(s => s.Account).Select(g => g.Sum(s => s.Stake)).OrderDescending().ToArray();
            output.WriteLine($"{accountStakes.Length} accounts stake {accountStakes.Sum():0} NMR on {made.Stakes.Count} models; the {Math.Min(15, accountStakes.Length)} greatest hold {accountStakes.Take(15).Sum() / accountStakes.Sum():P0}. {made.Returns.Rounds.Count} rounds{(result.GetValue(stakes) is null ? $", made from seed {result.GetValue(field.Seed)}" : "")}.\n");
            TextTable.Write(output, ["rule", "return a round", "drawdown", "Herfindahl", "top 15", "sybil gains", "greatest account earns", "median account earns"], outcomes.Select(o => new[]
            {
                o.Rule, $"{o.Mean:0.0000}", $"{o.Drawdown:0.000}", $"{o.Herfindahl:0.0000}", $"{o.TopShare:P0}", $"{(Math.Abs(o.SybilGain) < 0.005 ? 0 : o.SybilGain):P0}", $"{o.Payouts.Values.Max():0}", $"{o.Payouts.Values.Order().ElementAt(o.Payouts.Count / 2):0}",
            }));
            output.WriteLine("\nSybil gains: how much more the greatest account counts after splitting itself into ten. What accounts earn: NMR over all rounds, were as much at risk in all as now and shared by weight.");
            foreach (var rule in StakeRule.All) output.WriteLine($"{rule.Name}: {rule.Meaning}.");
        }, stakes, accounts, total, rounds);
    }
}
