using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Chain.Vault;
using Backstake.Cli.Owners;
using Nethereum.Signer;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake allocation sign | put | show</c>: where a backer's payments are to go. It moves nothing: deposits are prepared by it, and the backer's own wallet sends them.</summary>
internal static class AllocationCommand
{
    private static readonly SignedDocument Document = new("allocation", KeyFor: "a key of yours with the scope read (POST /api/auth/keys)");

    private const string AboutSign = $$"""
        Sign what is to be done with what a vault pays you (EIP-712), with the key that holds the units. FILE has bps of each payment, 10,000 together:
        {"fromWeek": 5, "walletBps": 7500, "parts": [{"vault": "0x…", "terms": "ID", "bps": 2500}]}. Nothing moves by it: the app prepares the deposits, your own wallet sends them.

        Examples:
          backstake allocation sign allocation.json --vault 0x… --chain-id 1 --keystore key.json --version 1 --out signed.json
          BACKSTAKE_KEY=bst_… backstake allocation sign allocation.json --vault 0x… --chain-id 1 --keystore key.json --app https://… > signed.json

        {{SignOptions.About}}
        Exit status 0: signed; 1: a file, the key or the app can't be used; 2: the allocation is malformed.
        """;

    private const string AboutPut = """
        Have an app store a signed allocation. Anybody may: the signature is the backer's.

        Example:
          backstake allocation put signed.json --app https://…

        Exit status 0: stored; 1: the file or the app can't be used; 2: the file is malformed; 3: the app refuses it: another's signature, or not the next version.
        """;

    private const string AboutShow = """
        Show every version of your allocation of a vault's payments.

        Example:
          BACKSTAKE_KEY=bst_… backstake allocation show --app https://… --vault 0x…

        The key has the scope read (POST /api/auth/keys). Exit status 0: shown, also where there is none; 1: the app can't be asked, doesn't take the key, or has no such vault.
        """;

    public static Command Create() => new("allocation", "Where a backer's payments are to go.") { Sign(), Document.Put(AboutPut), Show() };

    private static Command Sign()
    {
        var sign = new SignOptions("The allocation, in JSON.");
        var command = new Command("sign", AboutSign);
        sign.AddTo(command);
        Document.AddVersionTo(command);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (file, vault) = (await AllocationFile.Read(sign.File(result), stop), sign.Vault(result));
            var version = await Document.Version(result, vault, stop);
            var key = await sign.Key(result, stop);
            var allocation = file.Of(key.Address.ToLowerInvariant(), version);
            var signature = SignedAllocation.Sign(vault, sign.ChainId(result), allocation, new EthECKey(key.PrivateKey));
            return sign.Write(result, key, $"version {version} of the allocation of {vault}'s payments", json =>
            {
                json.WriteString("vault", vault);
                json.WriteNumber("chainId", sign.ChainId(result));
                Write(json, allocation);
                json.WriteString("signature", signature);
            });
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, PayoutAllocation allocation)
    {
        json.WriteString("backer", allocation.Backer);
        json.WriteNumber("version", allocation.Version);
        json.WriteNumber("fromWeek", allocation.FromWeek);
        json.WriteNumber("walletBps", allocation.WalletBps);
        json.WriteStartArray("parts");
        foreach (var part in allocation.Parts)
        {
            json.WriteStartObject();
            json.WriteString("vault", part.Vault);
            json.WriteString("terms", part.Terms);
            json.WriteNumber("bps", part.Bps);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Command Show()
    {
        var (app, vault, json) = (AppAddress.Required(), new Option<string>("--vault") { Description = "The vault that pays, by address.", HelpName = "ADDRESS", Required = true }, new Option<bool>("--json") { Description = "Print the app's answer as it came." });
        var command = new Command("show", AboutShow) { app, vault, json };
        VaultSource.RequireAddress(command, vault);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (output, answer) = (result.InvocationConfiguration.Output, await Document.Get(result.GetValue(app)!, result.GetValue(vault)!.ToLowerInvariant(), "", stop));
            if (result.GetValue(json)) output.WriteLine(Encoding.UTF8.GetString(answer));
            else Write(output, JsonDocument.Parse(answer).RootElement.GetProperty("versions"));
            return ExitStatus.Done;
        }));
        return command;
    }

    private static void Write(TextWriter output, JsonElement versions)
    {
        if (versions.GetArrayLength() == 0) output.WriteLine("Nothing is signed: everything is the wallet's.");
        foreach (var version in versions.EnumerateArray())
        {
            output.WriteLine($"Version {version.GetProperty("version")}, from week {version.GetProperty("fromWeek")} on: {version.GetProperty("walletBps")} bps for the wallet");
            foreach (var part in version.GetProperty("parts").EnumerateArray()) output.WriteLine($"  {part.GetProperty("bps")} bps for units of {part.GetProperty("vault")} under {part.GetProperty("terms")}");
        }
    }
}
