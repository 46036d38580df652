using System.CommandLine;
using System.CommandLine.Parsing;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary><c>backstake portfolio recommend</c> and <c>evaluate</c>.</summary>
internal static class PortfolioCommand
{
    public static Command Create() => new("portfolio", "What fits together.") { Recommend(), Evaluate() };

    private static Command Recommend()
    {
        var field = new FieldOptions();
        var until = new Option<int>("--until") { Description = $"The last round that has opened: results up to R − {ReturnTable.ResolutionLag} are used, and nothing later.", HelpName = "R", Required = true };
        var objective = new Option<PortfolioObjective>("--objective") { Description = "growth, balanced or cvar.", HelpName = "NAME", DefaultValueFactory = _ => PortfolioObjective.Balanced, CustomParser = Objective };
        var most = new Option<double?>("--max-per-model") { Description = "The most one model may weigh, 0 … 1 (by default 0.5 for growth, else 0.34).", HelpName = "X" };
        var holdings = new Option<string?>("--holdings") { Description = "What is held, as parts that add up to 1: A=0.6,B=0.4, or a file with a line A,0.6 for each. Lists what goes well with it.", HelpName = "LIST" };
        return field.Create("recommend", "Weights from resolved rounds only, with reasons; equal weight beside.", (result, output) =>
        {
            var returns = field.Read(result);
            var planner = new PortfolioPlanner(result.GetRequiredValue(objective), result.GetValue(most), seed: result.GetValue(field.Seed));
            var r = planner.Recommend(returns, result.GetValue(until), result.GetValue(holdings) is { } held ? Amounts.Of(held) : null);
            if (result.GetValue(field.Json)) WriteJson(output, r, result.GetValue(field.Seed));
            else Print(output, r);
        }, until, objective, most, holdings);
    }

    private static void WriteJson(TextWriter output, Recommendation r, int seed) => TextTable.WriteJson(output, new
    {
        until = r.Until,
        weights = r.Weights,
        why = r.Why,
        objective = r.Objective.Name,
        setting = r.Choice,
        seed,
        outlook = r.Outlook,
        equalWeight = r.EqualWeight,
        fund = new { weights = r.Fund, outlook = r.FundOutlook },
        holdings = r.Holdings,
        additions = r.Additions.Select(a => new { model = a.Model, a.Reason.MarginalReturn, a.Reason.MarginalCvar, a.Reason.CorrelationWithRest }),
        solvedWithin = r.Gap,
        copies = r.Copies,
        absent = r.Absent,
        tooEarlyToSay = r.TooEarly,
    });

    private static void Print(TextWriter output, Recommendation r)
    {
        TextTable.Write(output, ["model", "weight", "adds a round", "when it goes badly", "correlation with the rest"], r.Weights.Select(w => Model(w.Key, $"{w.Value:0.0000}", r.Why[w.Key])));
        output.WriteLine();
        TextTable.Write(output, ["", "expected a round", "CVaR of four weeks, a round"],
        [
            Whole(r.Objective.Name, r.Outlook), Whole("equal weight", r.EqualWeight), Whole($"top {r.Fund.Count} by shrunk value", r.FundOutlook),
            .. r.Holdings is null ? Array.Empty<string[]>() : [Whole("your holdings", r.Holdings)],
        ]);
        if (r.Additions.Count > 0)
        {
            output.WriteLine("\nWhat goes with your holdings, best first:");
            TextTable.Write(output, ["model", "", "adds a round", "when they go badly", "correlation with them"], r.Additions.Take(10).Select(a => Model(a.Model, "", a.Reason)));
        }

        output.WriteLine($"\nSetting: {Told(r.Choice)}");
        output.WriteLine($"From rounds resolved by round {r.Until}. Optimised parts are within {r.Gap:0.0e0} of the best (a round). A forecast, not a promise: see docs/research.md.");
        if (r.Copies.Count > 0) output.WriteLine($"Copies of better ones, left out: {string.Join(", ", r.Copies)}.");
        if (r.Absent.Count > 0) output.WriteLine($"Absent of late, left out: {string.Join(", ", r.Absent)}.");
        if (r.TooEarly.Count > 0) output.WriteLine($"Too early to say: {string.Join(", ", r.TooEarly)}.");

        string Told(SettingChoice c) => c.Scores.Count == 0
            ? $"the blend of all ({string.Join("; ", r.Objective.Settings.Select(s => s.Name))}), since {c.Rounds} resolved rounds to choose on are fewer than {SettingChoice.LeastRounds}."
            : c.Setting == SettingChoice.Blend
                ? $"the blend of all: on {c.Rounds} rounds, each foreseen from those resolved before it, the best single one ({Best(c)}) was better in {c.Confidence:P0} of the bootstrap paths only."
                : $"{c.Setting}: on {c.Rounds} rounds, each foreseen from those resolved before it, better than the blend of all in {c.Confidence:P0} of the bootstrap paths.";

        static string Best(SettingChoice c) => c.Scores.Where(s => s.Key != SettingChoice.Blend).MaxBy(s => s.Value).Key;

        static string[] Model(string name, string weight, Reason reason) => [name, weight, $"{reason.MarginalReturn:0.0000}", $"{reason.MarginalCvar:0.0000}", reason.CorrelationWithRest is { } c ? $"{c:0.00}" : "–"];

        static string[] Whole(string name, Outlook outlook) => [name, $"{outlook.ExpectedReturn:0.0000}", $"{outlook.Cvar:0.0000}"];
    }

    private static Command Evaluate()
    {
        var field = new FieldOptions();
        var first = new Option<int>("--first") { Description = "First round of the window.", HelpName = "R", DefaultValueFactory = _ => 943 };
        var last = new Option<int>("--last") { Description = "Last round of the window.", HelpName = "R", DefaultValueFactory = _ => 1137 };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draw the running sums into this file.", HelpName = "FILE" };
        return field.Create("evaluate", $"Walk forward: refit every {WalkForward.HoldRounds} rounds on what was then resolved, hold for the next {WalkForward.HoldRounds}; beside what everybody can do.", (result, output) =>
        {
            var evaluation = Evaluation.Run(field.Read(result), result.GetValue(first), result.GetValue(last), result.GetValue(field.Seed));
            if (result.GetValue(field.Json)) TextTable.WriteJson(output, new { first = result.GetValue(first), last = result.GetValue(last), seed = result.GetValue(field.Seed), strategies = evaluation.Walks.Select(w => new { w.Name, w.Mean, w.Cvar, w.MaxDrawdown, w.Turnover }), differences = evaluation.Differences, settings = evaluation.Choices });
            else
            {
                TextTable.Write(output, ["", "return a round", "CVaR 95 %", "max drawdown", "turnover", "return/drawdown", "return/CVaR"], evaluation.Walks.Select(w => new[]
                {
                    w.Name, $"{w.Mean:0.0000}", $"{w.Cvar:0.0000}", $"{w.MaxDrawdown:0.000}", $"{w.Turnover:0.00}", w.MaxDrawdown > 0 ? $"{w.Mean / w.MaxDrawdown:0.000}" : "–", w.Cvar < 0 ? $"{-w.Mean / w.Cvar:0.00}" : "–",
                }));
                output.WriteLine();
                foreach (var (objective, choices) in evaluation.Choices) output.WriteLine($"{objective} used, over {choices.Count} refits: {string.Join("; ", choices.GroupBy(c => c.Setting).Select(g => $"{g.Key} ({g.Count()})"))}.");
                output.WriteLine("\nDifferences with 90 % intervals (an interval that holds 0 is within the noise):");
                TextTable.Write(output, ["", "return a round", "CVaR 95 %", "max drawdown"], evaluation.Differences.Select(d => new[] { $"{d.First} − {d.Second}", TextTable.Of(d.Return), TextTable.Of(d.Cvar), TextTable.Of(d.Drawdown, "0.000") }));
            }

            if (result.GetValue(svg) is { } file) WholeFiles.Write(file.FullName, evaluation.Chart().Draw());
        }, first, last, svg);
    }

    private static PortfolioObjective? Objective(ArgumentResult argument)
    {
        if (PortfolioObjective.All.FirstOrDefault(o => o.Name == argument.Tokens[0].Value) is { } objective) return objective;
        argument.AddError($"'{argument.Tokens[0].Value}' is no objective: {string.Join(", ", PortfolioObjective.All.Select(o => o.Name))}.");
        return null;
    }
}
