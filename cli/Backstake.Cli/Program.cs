using System.CommandLine;
using Backstake.Cli;
using Backstake.Cli.Backers;
using Backstake.Cli.Delegates;
using Backstake.Cli.Escape;
using Backstake.Cli.Export;
using Backstake.Cli.Notifications;
using Backstake.Cli.Ops;
using Backstake.Cli.Owners;
using Backstake.Cli.Quotes;
using Backstake.Cli.Rebuild;
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
    ["vaults"] = LookCommands.Vaults,
    ["vault"] = LookCommands.Vault,
    ["terms"] = LookCommands.Terms,
    ["position"] = PositionCommand.Create,
    ["statement"] = StatementCommand.Create,
    ["tax"] = TaxCommand.Create,
    ["deposit"] = ActCommand.Deposit,
    ["exit"] = ActCommand.Exit,
    ["cancel"] = ActCommand.Cancel,
    ["transfer"] = ActCommand.Transfer,
    ["claim"] = ActCommand.Claim,
    ["allocation"] = AllocationCommand.Create,
    ["disclosure"] = DisclosureCommand.Create,
    ["house"] = OwnMoneyCommand.House,
    ["reserve"] = OwnMoneyCommand.Reserve,
    ["owner"] = OwnerCommand.Create,
    ["pause"] = PauseCommand.Create,
    ["upload"] = UploadCommand.Create,
    ["node"] = NodeCommand.Create,
    ["notifications"] = NotificationsCommand.Create,
    ["ops"] = OpsCommand.Create,
    ["completion"] = CompletionCommand.Create,
};
var root = new RootCommand("Look at Backstake's vaults, back them, and recompute what they publish.");
// Building every command's options takes longer than folding a short history: whoever names a command waits for that one alone.
foreach (var create in args.Length > 0 && commands.TryGetValue(args[0], out var named) ? [named] : commands.Values.AsEnumerable()) root.Add(create());
return root.Parse(args).Invoke();
