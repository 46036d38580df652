using System.CommandLine;
using Backstake.Cli;

var root = new RootCommand("Recompute and check what Backstake's vaults publish.") { ReplayCommand.Create() };
return root.Parse(args).Invoke();
