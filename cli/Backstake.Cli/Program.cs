using System.CommandLine;
using Backstake.Cli;
using Backstake.Cli.Escape;
using Backstake.Cli.Export;
using Backstake.Cli.Quotes;
using Backstake.Cli.Rebuild;
using Backstake.Cli.Ops;
using Backstake.Cli.Research;
using Backstake.Cli.Scores;
using Backstake.Cli.Simulate;
using Backstake.Cli.Verify;

var commands = new Dictionary<string, Func<Command>>(StringComparer.Ordinal)
{
    ["replay"] = ReplayCommand.Create,
    ["verify"] = VerifyCommand.Create,
    ["escape"] = EscapeCommand.Create,
    ["rebuild"] = RebuildCommand.Create,
    ["export"] = ExportCommand.Create,
    ["quote"] = QuoteCommand.Create,
    ["scores"] = ScoresCommand.Create,
    ["track"] = TrackCommand.Create,
    ["skill"] = SkillCommand.Create,
    ["portfolio"] = PortfolioCommand.Create,
    ["slots"] = SlotsCommand.Create,
    ["simulate"] = SimulateCommand.Create,
    ["benefit"] = BenefitCommand.Create,
    ["figures"] = FiguresCommand.Create,
    ["ops"] = OpsCommand.Create,
};
var root = new RootCommand("Recompute and check what Backstake's vaults publish.");
// Building every command's options takes longer than folding a short history: whoever names a command waits for that one alone.
foreach (var create in args.Length > 0 && commands.TryGetValue(args[0], out var named) ? [named] : commands.Values.AsEnumerable()) root.Add(create());
return root.Parse(args).Invoke();
