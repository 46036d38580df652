using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Cli.Verify;
using Nethereum.Contracts;
using Nethereum.Web3;

namespace Backstake.Cli.Escape;

/// <summary>
/// <c>backstake escape</c>: makes the call with which a holder leaves a vault that nobody operates any more. It needs the vault's history from anybody, and a node; it trusts only the node, whose
/// root the history must give.
/// </summary>
internal static class EscapeCommand
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);
    private static readonly BigInteger SeriesEnd = BigInteger.Pow(2, 256);

    public static Command Create()
    {
        var vault = new Option<string>("--vault") { Description = "The vault contract's address.", HelpName = "ADDRESS", Required = true };
        var node = new Option<Uri?>("--rpc") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var history = new Option<FileInfo?>("--history") { Description = "The vault's history in the replay format.", HelpName = "FILE" };
        var url = new Option<Uri?>("--url") { Description = "Where to get it instead, for instance an app's /api/vaults/ADDRESS/log.", HelpName = "URL", CustomParser = HttpAddress.Parse };
        var series = new Option<BigInteger?>("--series") { Description = "The id of the units, as the contract has it (0x and hex digits, or decimal); 0: the owner's house.", HelpName = "ID", Required = true, CustomParser = ParseSeries };
        var exitWeek = new Option<uint>("--exit-week") { Description = "The week in which they left, or the term's last; 0: they live.", HelpName = "WEEK", Required = true };
        var holder = new Option<string>("--holder") { Description = "Who holds them, sends the call and is paid.", HelpName = "ADDRESS", Required = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("escape", "Make the call that pays a holder out of a vault that nobody operates any more. Exit status 0: it is printed; 1: it can't be made; 2: the history is malformed.")
        {
            vault, node, history, url, series, exitWeek, holder, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(history) is null == result.GetValue(url) is null) result.AddError("Name the history: --history FILE, or --url URL.");
            foreach (var option in new[] { vault, holder })
            {
                if (result.GetValue(option) is { } address && !Backer.IsAddress(address.ToLowerInvariant())) result.AddError($"{option.Name}: an address is 0x and 40 hex digits.");
            }
        });
        command.SetAction((result, stop) =>
        {
            var (output, error, rpc) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, result.GetRequiredValue(node)!);
            var ask = new Ask(
                result.GetRequiredValue(vault).ToLowerInvariant(), rpc, result.GetRequiredValue(series)!.Value, result.GetRequiredValue(exitWeek), result.GetRequiredValue(holder).ToLowerInvariant());
            return OneLineFailures.Say(error, rpc, "--rpc", ask.Vault, async () =>
            {
                var (name, bytes) = result.GetValue(history) is { } file
                    ? (file.ToString(), await File.ReadAllBytesAsync(file.FullName, stop))
                    : (result.GetValue(url)!.ToString(), await Download.Bytes(result.GetValue(url)!, stop));
                var read = ReplayFile.Read(bytes);
                if (read.IsMalformed(out var malformed)) return OneLineFailures.OneLine(error, ExitStatus.Malformed, $"{name}: {malformed}");
                try
                {
                    var report = await Report(ask, read.Value, stop);
                    output.WriteLine(result.GetValue(json) ? report.ToJson() : report.ToString());
                    return ExitStatus.Done;
                }
                catch (Exception e) when (e is NoWayOutException or InvariantViolatedException)
                {
                    return OneLineFailures.OneLine(error, ExitStatus.Failed, e.Message);
                }
            });
        });
        return command;
    }

    private sealed record Ask(string Vault, Uri Node, BigInteger Series, uint ExitWeek, string Holder);

    private static async Task<WayOutReport> Report(Ask ask, ReplayFile file, CancellationToken stop)
    {
        var web3 = ChainNode.Connect(ask.Node, RequestLimit);
        var state = await (await VaultReader.Latest(web3, ask.Vault, stop)).State(stop);
        var call = WayOutCall.Of(FoldedHistory.Of(file), state, ask.Series, ask.ExitWeek);
        var openedAt = await web3.Eth.GetContractQueryHandler<WayOutOpenedAtFunction>().QueryAsync<ulong>(state.WayOut, new WayOutOpenedAtFunction()).WaitAsync(stop);
        var (pays, refused) = await Try(web3, state.WayOut, call, ask.Holder, stop);
        return new(ask.Vault, state, openedAt == 0 ? null : DateTimeOffset.FromUnixTimeSeconds((long)openedAt), call, ask.Holder, pays, refused);
    }

    /// <summary>What the call would do in the latest block.</summary>
    private static async Task<(Nmr? Pays, string? Refused)> Try(IWeb3 web3, string wayOut, EscapeFunction call, string holder, CancellationToken stop)
    {
        call.FromAddress = holder;
        try
        {
            return (new Nmr(await web3.Eth.GetContractQueryHandler<EscapeFunction>().QueryAsync<BigInteger>(wayOut, call).WaitAsync(stop)), null);
        }
        catch (SmartContractCustomErrorRevertException refusal)
        {
            return (null, VaultRefusals.NameOf(refusal) ?? refusal.Message);
        }
    }

    private static BigInteger? ParseSeries(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var read = text.StartsWith("0x", StringComparison.Ordinal)
            ? BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var series)
            : BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out series);
        if (read && series < SeriesEnd) return series;
        argument.AddError($"'{text}' is no series: it is a number below 2^256, decimal or 0x and hex digits.");
        return null;
    }
}
