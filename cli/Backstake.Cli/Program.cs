using System.CommandLine;
using Backstake.Cli;
using Backstake.Cli.Scores;
using Backstake.Cli.Verify;

var root = new RootCommand("Recompute and check what Backstake's vaults publish.") { ReplayCommand.Create(), VerifyCommand.Create(), ScoresCommand.Create() };
return root.Parse(args).Invoke();
