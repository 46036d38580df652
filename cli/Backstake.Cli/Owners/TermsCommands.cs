using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake terms sign | offer</c>: an owner binds terms with their own key, and has them offered on chain.</summary>
internal static class TermsCommands
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    private const string AboutSign = """
        Sign terms of a vault with its owner's key (EIP-712). FILE has the terms as in a history: {"unitSize": "100", "profitShareBps": 2000, "crystallisation": "weekly", "compoundingWeeks": 52, …}.

        Example:
          backstake terms sign terms.json --vault 0x… --chain-id 1 --keystore owner.json --out signed.json

        What is printed is what 'backstake terms offer' takes. The keystore's password is asked for, or taken from BACKSTAKE_KEYSTORE_PASSWORD. A signature binds the owner for good: anybody may offer these terms with it.
        Exit status 0: signed; 1: a file or the key can't be used; 2: the terms are malformed or out of their bounds.
        """;

    private const string AboutOffer = """
        Offer signed terms: the app stores them for good, and the transaction that offers them on chain is printed, or sent with --send. Anybody may send it: the signature binds the owner.

        Example:
          backstake terms offer signed.json --app http://localhost:7071 --rpc http://127.0.0.1:8545 --send --keystore owner.json

        Without --app nothing is stored: the node alone is asked. Exit status 0: printed, or sent and mined; 1: a file, the app, the node or the key can't be used; 2: the file is malformed; 3: app or contract refuse.
        """;

    public static Command Sign()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The terms." };
        var vault = new Option<string>("--vault") { Description = "The vault that they are for, by address.", HelpName = "ADDRESS", Required = true };
        var chainId = new Option<long>("--chain-id") { Description = "The chain that the vault is on: 1 is Ethereum's main network, 31337 the sandbox's.", HelpName = "N", Required = true };
        var keystore = new Option<FileInfo>("--keystore") { Description = "The file of the owner's key.", HelpName = "FILE", Required = true };
        var signed = new Option<FileInfo?>("--out") { Description = "The file to write (by default standard output).", HelpName = "FILE" };
        var command = new Command("sign", AboutSign) { file, vault, chainId, keystore, signed };
        VaultSource.RequireAddress(command, vault);
        command.Validators.Add(result =>
        {
            if (result.GetValue(chainId) < 1) result.AddError("--chain-id: a chain's number is positive.");
        });
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var read = SignedOffer.ReadTerms(await File.ReadAllBytesAsync(result.GetValue(file)!.FullName, stop));
            if (read.IsMalformed(out var malformed)) throw new MalformedHistoryException($"{result.GetValue(file)}: {malformed}");
            var (address, chain) = (result.GetValue(vault)!.ToLowerInvariant(), result.GetValue(chainId));
            var account = await Wallet.Open(result.GetValue(keystore)!, chain, stop);
            var signature = SignedTerms.Sign(ChainTerms.Of(read.Value), address, chain, new EthECKey(account.PrivateKey));
            var offer = new SignedOffer(address, chain, read.Value, signature);
            if (result.GetValue(signed) is not { } target)
            {
                Printed.Json(result.InvocationConfiguration.Output, offer.Write);
                return ExitStatus.Done;
            }

            await using var writer = target.CreateText();
            Printed.Json(writer, offer.Write);
            result.InvocationConfiguration.Output.WriteLine($"Signed by {account.Address}: terms {SignedTerms.Id(ChainTerms.Of(read.Value), address)}, in {target}.");
            return ExitStatus.Done;
        }));
        return command;
    }

    public static Command Offer()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What 'backstake terms sign' printed." };
        var app = AppAddress.Optional("A running app that stores them.");
        var node = new Option<Uri?>("--rpc") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var send = new Option<bool>("--send") { Description = "Sign the transaction and send it." };
        var keystore = new Option<FileInfo?>("--keystore") { Description = "The file of the key that sends.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("offer", AboutOffer) { file, app, node, send, keystore, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(send) != result.GetValue(keystore) is not null) result.AddError("--send and --keystore go together.");
        });
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var bytes = await File.ReadAllBytesAsync(result.GetValue(file)!.FullName, stop);
            var read = SignedOffer.Read(bytes);
            if (read.IsMalformed(out var malformed)) throw new MalformedHistoryException($"{result.GetValue(file)}: {malformed}");
            if (result.GetValue(app) is { } url)
            {
                var stored = await new AppCall(url, HttpMethod.Put, $"vaults/{read.Value.Vault}/terms") { Body = bytes }.Send(stop);
                if (!stored.IsDone) return OneLineFailures.OneLine(result.InvocationConfiguration.Error, stored.Status is 409 or 422 ? ExitStatus.Refused : ExitStatus.Failed, stored.Words(url));
            }

            return await OneLineFailures.Say(result.InvocationConfiguration.Error, result.GetValue(node)!, "--rpc", read.Value.Vault, () =>
                Send(result, result.GetValue(node)!, read.Value, result.GetValue(send) ? result.GetValue(keystore) : null, result.GetValue(json), stop));
        }));
        return command;
    }

    private static async Task<int> Send(ParseResult result, Uri node, SignedOffer offer, FileInfo? keystore, bool asJson, CancellationToken stop)
    {
        var (web3, terms, error) = (ChainNode.Connect(node, RequestLimit), ChainTerms.Of(offer.Terms), result.InvocationConfiguration.Error);
        var chainId = (await web3.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value;
        if (chainId != offer.ChainId) return OneLineFailures.OneLine(error, ExitStatus.Refused, $"signedForOther: the terms are signed for chain {offer.ChainId}, the node is of {chainId}.");
        if (!offer.Signature.IsHex() || offer.Signature.Length % 2 != 0) throw new MalformedHistoryException("signature: not 0x and hex digits");
        var created = await new VaultReader(web3, offer.Vault, (await ChainBlock.Latest(web3, stop)).Number).Created(stop);
        var prepared = await OwnerActs.Offer(web3, offer.Vault, terms, offer.Signature.HexToByteArray(), created.Owner, stop);
        if (prepared.Refusal is { } refusal) return OneLineFailures.OneLine(error, ExitStatus.Refused, $"{refusal.Reason ?? refusal.Code}: {refusal.Explanation}");
        var hashes = new List<string>();
        if (!asJson) Printed.Calls(result.InvocationConfiguration.Output, prepared.Calls, chainId);
        var status = keystore is null ? ExitStatus.Done : await new Sending(result, node, keystore, null, asJson).Send(prepared.Calls, chainId, hashes, stop);
        if (asJson) Printed.Sent(result.InvocationConfiguration.Output, offer.Vault, chainId, prepared.Calls, hashes, json => json.WriteString("terms", SignedTerms.Id(terms, offer.Vault)));
        return status;
    }
}
