using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Cli.Verify;

namespace Backstake.Cli.Rebuild;

/// <summary><c>backstake rebuild</c>: when everything that an operator stored is lost, a vault's history from its contract's logs, proven by the roots that the chain accepted.</summary>
internal static class RebuildCommand
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var vault = new Option<string>("--vault") { Description = "The vault contract's address.", HelpName = "ADDRESS", Required = true };
        var node = new Option<Uri?>("--node") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var export = new Option<FileInfo?>("--export") { Description = "A history that was published once, even of fewer weeks: it says which rounds were missed.", HelpName = "FILE" };
        var concurrentRounds = new Option<int?>("--concurrent-rounds") { Description = "Over how many rounds the vault spreads its stake (by default the export's, else the tournament's).", HelpName = "N" };
        var fromBlock = new Option<ulong?>("--from-block") { Description = "The block of the vault's creation, for a node that keeps no old states (by default it is searched).", HelpName = "BLOCK" };
        var output = new Option<FileInfo?>("--out") { Description = "Where the history is written, in the replay format.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("rebuild", "Make a vault's history anew from the chain, for instance: backstake rebuild --vault 0x… --node http://127.0.0.1:8545 --out v.json. Exit status 0: every root is the chain's; 1: one isn't, or the chain can't be read; 2: the export is malformed.")
        {
            vault, node, export, concurrentRounds, fromBlock, output, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(vault) is { } address && !Backer.IsAddress(address.ToLowerInvariant())) result.AddError("--vault: an address is 0x and 40 hex digits.");
            if (result.GetValue(concurrentRounds) is < 1 or > VaultSettings.MostConcurrentRounds) result.AddError($"--concurrent-rounds is from 1 to {VaultSettings.MostConcurrentRounds}.");
        });
        command.SetAction((result, stop) =>
        {
            var (id, rpc, error) = (result.GetRequiredValue(vault).ToLowerInvariant(), result.GetRequiredValue(node)!, result.InvocationConfiguration.Error);
            return OneLineFailures.Say(error, rpc, "--node", id, async () =>
            {
                ReplayFile? published = null;
                if (result.GetValue(export) is { } file)
                {
                    var read = ReplayFile.Read(await File.ReadAllBytesAsync(file.FullName, stop));
                    if (read.IsMalformed(out var malformed)) return OneLineFailures.OneLine(error, ExitStatus.Malformed, $"{file}: {malformed}");
                    published = read.Value;
                }

                try
                {
                    var rebuilt = await Rebuild(id, rpc, result.GetValue(fromBlock), published, result.GetValue(concurrentRounds), stop);
                    if (result.GetValue(output) is { } target) WholeFiles.Write(target.FullName, rebuilt.History.Write());
                    var report = new RebuildReport(id, rebuilt.History.Events.Length, rebuilt.Weeks, rebuilt.Missed);
                    result.InvocationConfiguration.Output.WriteLine(result.GetValue(json) ? report.ToJson() : report.ToString());
                    return report.Rebuilt ? ExitStatus.Done : ExitStatus.Failed;
                }
                catch (Exception e) when (e is RebuildException or InvariantViolatedException or UnknownSeriesException)
                {
                    return OneLineFailures.OneLine(error, ExitStatus.Failed, e.Message);
                }
            });
        });
        return command;
    }

    private static async Task<Rebuilt> Rebuild(string vault, Uri node, ulong? since, ReplayFile? published, int? concurrentRounds, CancellationToken stop)
    {
        var web3 = ChainNode.Connect(node, RequestLimit);
        var block = await ChainBlock.Finalized(web3, stop);
        var first = since ?? await VaultCreation.Block(web3, vault, block.Number, stop);
        var reader = new VaultReader(web3, vault, block.Number);
        var (created, state) = (await reader.Created(stop), await reader.State(stop));
        var log = await VaultLog.Read(web3, [vault, state.Notices], first, block.Number, stop);
        return Rebuilding.Of(vault, created, log, block.Time, published, concurrentRounds);
    }
}
