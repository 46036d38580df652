using System.CommandLine;
using System.Numerics;
using System.Text.Json;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Nethereum.Web3;

namespace Backstake.Cli.Backers;

/// <summary>What a command asks of the node: the calls, or why there are none.</summary>
/// <param name="Sender">Whose key must send them, by address; null: anybody's.</param>
/// <param name="More">Further fields of the JSON.</param>
/// <param name="Creates">The vault that comes to be by them, by address; null: none does.</param>
/// <param name="After">What people are told at the end, a line each.</param>
internal sealed record Preparation(PreparedAct Act, string? Sender, Action<Utf8JsonWriter>? More = null, string? Creates = null, IReadOnlyList<string>? After = null);

/// <summary>The options of commands that prepare transactions and may send them, and what is done by them: the calls are printed, and sent one after another if that was asked for.</summary>
internal sealed class SendOptions
{
    public const string About = """
        --dry-run (the default) prints the calls, decoded from their own bytes, with the digest to compare: any wallet can sign them. --send signs and sends them one after another with the key of
        --keystore, whose password is asked for, or taken from BACKSTAKE_KEYSTORE_PASSWORD.
        """;

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    private readonly Option<Uri?> _node = new("--rpc") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the calls, and send nothing (the default)." };
    private readonly Option<bool> _send = new("--send") { Description = "Sign and send them." };
    private readonly Option<FileInfo?> _keystore = new("--keystore") { Description = "The file of the key that signs.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _node, _dryRun, _send, _keystore, _json }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_send) && result.GetValue(_dryRun)) result.AddError("--send or --dry-run, not both.");
            if (result.GetValue(_send) != result.GetValue(_keystore) is not null) result.AddError("--send and --keystore go together.");
        });
    }

    /// <param name="result">The command as it was given.</param>
    /// <param name="vault">By its address; its factory's, where one is created.</param>
    /// <param name="prepare">Gets the node and its chain's number.</param>
    public Task<int> Run(ParseResult result, string vault, Func<Web3, BigInteger, Task<Preparation>> prepare, CancellationToken stop)
    {
        var (output, error, node, json) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, result.GetValue(_node)!, result.GetValue(_json));
        return OneLineFailures.Say(error, node, "--rpc", vault, async () =>
        {
            if (!Accounting.Backer.IsAddress(vault)) throw new IOException($"The history is of vault {vault}, which is no contract's address.");
            var web3 = ChainNode.Connect(node, RequestLimit);
            var chainId = (await web3.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value;
            var (act, sender, more, creates, after) = await prepare(web3, chainId);
            if (act.Refusal is { } refusal) return OneLineFailures.OneLine(error, ExitStatus.Refused, $"{refusal.Reason ?? refusal.Code}: {refusal.Explanation}");
            var hashes = new List<string>();
            if (!json) Printed.Calls(output, act.Calls, chainId);
            var status = result.GetValue(_send) ? await new Sending(result, node, result.GetValue(_keystore)!, sender, json).Send(act.Calls, chainId, hashes, stop) : ExitStatus.Done;
            if (json) Printed.Sent(output, creates ?? vault, chainId, act.Calls, hashes, more);
            foreach (var line in json || status != ExitStatus.Done ? [] : after ?? []) output.WriteLine(line);
            return status;
        });
    }
}
