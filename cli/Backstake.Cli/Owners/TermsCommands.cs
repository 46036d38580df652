using System.CommandLine;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Web3;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake terms sign | offer</c>: an owner binds terms with their own key, and has them offered on chain.</summary>
internal static class TermsCommands
{
    private const string AboutSign = $$"""
        Sign terms of a vault with its owner's key (EIP-712). FILE has the terms as in a history: {"unitSize": "100", "profitShareBps": 2000, "crystallisation": "weekly", "compoundingWeeks": 52, …}.

        Example:
          backstake terms sign terms.json --vault 0x… --chain-id 1 --keystore owner.json --out signed.json

        What is printed is what 'backstake terms offer' takes. {{SignOptions.About}} A signature binds the owner for good: anybody may offer these terms with it.
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
        var sign = new SignOptions("The terms.");
        var command = new Command("sign", AboutSign);
        sign.AddTo(command);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var read = SignedOffer.ReadTerms(await File.ReadAllBytesAsync(sign.File(result).FullName, stop));
            if (read.IsMalformed(out var malformed)) throw new MalformedHistoryException($"{sign.File(result)}: {malformed}");
            var (vault, chain, key, terms) = (sign.Vault(result), sign.ChainId(result), await sign.Key(result, stop), ChainTerms.Of(read.Value));
            var offer = new SignedOffer(vault, chain, read.Value, SignedTerms.Sign(terms, vault, chain, new EthECKey(key.PrivateKey)));
            return sign.Write(result, key, $"terms {SignedTerms.Id(terms, vault)}", offer.Write);
        }));
        return command;
    }

    public static Command Offer()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What 'backstake terms sign' printed." };
        var app = AppAddress.Optional("A running app that stores them.");
        var send = new SendOptions();
        var command = new Command("offer", AboutOffer) { file, app };
        send.AddTo(command);
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

            return await send.Run(result, read.Value.Vault, (web3, chainId) => Prepare(web3, chainId, read.Value, stop), stop);
        }));
        return command;
    }

    private static async Task<Preparation> Prepare(IWeb3 web3, BigInteger chainId, SignedOffer offer, CancellationToken stop)
    {
        if (chainId != offer.ChainId) return new(new([], new("signedForOther", $"the terms are signed for chain {offer.ChainId}, the node is of {chainId}.", [])), null);
        if (!offer.Signature.IsHex() || offer.Signature.Length % 2 != 0) throw new MalformedHistoryException("signature: not 0x and hex digits");
        var terms = ChainTerms.Of(offer.Terms);
        var created = await (await VaultReader.Latest(web3, offer.Vault, stop)).Created(stop);
        return new(
            await OwnerActs.Offer(web3, offer.Vault, terms, offer.Signature.HexToByteArray(), created.Owner, stop), null, json => json.WriteString("terms", SignedTerms.Id(terms, offer.Vault)));
    }
}
