using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;
using Nethereum.Signer;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake disclosure sign | put | show</c>: the page that an owner signs about a model.</summary>
internal static class DisclosureCommand
{
    private const int CharactersMost = 20_000;

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue).Select(i => (char)i).Where(character => char.IsControl(character) && character is not ('\n' or '\t'))]);

    private static readonly SignedDocument Document = new("disclosure", KeyFor: null);

    private const string AboutSign = $"""
        Sign the owner's page about a vault (EIP-712). FILE has it in Markdown: CommonMark with tables, at most 20,000 characters. Lines are signed with line feeds at their ends; all else as it is.

        Examples:
          backstake disclosure sign page.md --vault 0x… --chain-id 1 --keystore owner.json --app https://… --out signed.json
          backstake disclosure sign page.md --vault 0x… --chain-id 1 --keystore owner.json --version 3 > signed.json

        {SignOptions.About}
        Exit status 0: signed; 1: a file, the key or the app can't be used; 2: the page has control characters, or is empty or too long.
        """;

    private const string AboutPut = """
        Have an app store a signed page. Anybody may: the signature is the owner's. Every version stays readable.

        Example:
          backstake disclosure put signed.json --app https://…

        Exit status 0: stored; 1: the file or the app can't be used; 2: the file or the page is malformed; 3: the app refuses it: another's signature, or not the next version.
        """;

    private const string AboutShow = """
        Show the owner's page about a vault as it was signed, the last version or an older one.

        Example:
          backstake disclosure show --app https://… --vault 0x…

        Exit status 0: shown, also where there is none; 1: the app can't be asked, or has no such vault or version.
        """;

    public static Command Create() => new("disclosure", "The page that an owner signs about a model.") { Sign(), Document.Put(AboutPut), Show() };

    private static Command Sign()
    {
        var sign = new SignOptions("The page, in Markdown.");
        var command = new Command("sign", AboutSign);
        sign.AddTo(command);
        Document.AddVersionTo(command);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (text, vault) = (Page(sign.File(result), await File.ReadAllTextAsync(sign.File(result).FullName, stop)), sign.Vault(result));
            var version = await Document.Version(result, vault, stop);
            var key = await sign.Key(result, stop);
            var signature = SignedDisclosure.Sign(vault, sign.ChainId(result), version, text, new EthECKey(key.PrivateKey));
            return sign.Write(result, key, $"version {version} of the page about {vault}", json =>
            {
                json.WriteString("vault", vault);
                json.WriteNumber("chainId", sign.ChainId(result));
                json.WriteNumber("version", version);
                json.WriteString("text", text);
                json.WriteString("signature", signature);
            });
        }));
        return command;
    }

    /// <summary>As it is signed, and as an app takes it.</summary>
    private static string Page(FileInfo file, string read)
    {
        var text = read.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (text.Length is 0 or > CharactersMost) throw new MalformedHistoryException($"{file}: it has {text.Length} characters; a page has 1 to {CharactersMost}");
        if (text.AsSpan().IndexOfAny(Controls) is >= 0 and var at) throw new MalformedHistoryException($"{file}: character {at + 1} is a control character; a page has line feeds and tabs alone");
        return text;
    }

    private static Command Show()
    {
        var (app, vault, json) = (AppAddress.Required(), new Option<string>("--vault") { Description = "The vault, by address.", HelpName = "ADDRESS", Required = true }, new Option<bool>("--json") { Description = "Print the app's answer as it came." });
        var digest = new Option<string?>("--digest") { Description = "An older version, by its digest.", HelpName = "HEX" };
        var command = new Command("show", AboutShow) { app, vault, digest, json };
        VaultSource.RequireAddress(command, vault);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var output = result.InvocationConfiguration.Output;
            var answer = await Document.Get(result.GetValue(app)!, result.GetValue(vault)!.ToLowerInvariant(), result.GetValue(digest) is { } named ? $"?digest={Uri.EscapeDataString(named)}" : "", stop);
            if (result.GetValue(json)) output.WriteLine(Encoding.UTF8.GetString(answer));
            else Write(output, JsonDocument.Parse(answer).RootElement);
            return ExitStatus.Done;
        }));
        return command;
    }

    private static void Write(TextWriter output, JsonElement answer)
    {
        if (!answer.TryGetProperty("disclosure", out var page) || page.ValueKind == JsonValueKind.Null)
        {
            output.WriteLine("The owner tells nothing about this vault.");
            return;
        }

        output.WriteLine($"Version {page.GetProperty("version")} of {answer.GetProperty("versions").GetArrayLength()}, signed by {page.GetProperty("signer")} ({page.GetProperty("signedAt")}), digest {page.GetProperty("digest")}");
        output.WriteLine();
        // Whoever wrote it must not move a terminal's cursor.
        output.WriteLine(string.Concat(page.GetProperty("text").GetString()!.Select(character => Controls.Contains(character) ? '\uFFFD' : character)));
    }
}
