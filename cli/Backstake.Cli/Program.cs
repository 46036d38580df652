using System.CommandLine;
using Backstake.Cli;
using Backstake.Cli.Escape;
using Backstake.Cli.Quotes;
using Backstake.Cli.Rebuild;
using Backstake.Cli.Ops;
using Backstake.Cli.Research;
using Backstake.Cli.Scores;
using Backstake.Cli.Simulate;
using Backstake.Cli.Verify;

var root = new RootCommand("Recompute and check what Backstake's vaults publish.")
{
    ReplayCommand.Create(), VerifyCommand.Create(), EscapeCommand.Create(), RebuildCommand.Create(), QuoteCommand.Create(), ScoresCommand.Create(),
    TrackCommand.Create(), SkillCommand.Create(), PortfolioCommand.Create(), SlotsCommand.Create(), SimulateCommand.Create(), BenefitCommand.Create(), FiguresCommand.Create(),
    OpsCommand.Create(),
};
return root.Parse(args).Invoke();
