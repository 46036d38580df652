using System.Diagnostics;
using System.Text.Json.Nodes;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Functions.Tests.Http;

/// <summary><c>backstake disclosure</c> and <c>allocation</c> as owner and backer run them: what the command signs, the app takes, and shows again.</summary>
[Collection(StorageGround.Collection)]
public sealed class SignedCommandTests(ApiGround ground) : IClassFixture<ApiGround>
{
    const string Password = "correct horse";
    static readonly string Anna = IdentityGround.AddressOf(IdentityGround.Anna);
    readonly string folder = Directory.CreateTempSubdirectory("backstake-signed-").FullName;

    string App => ground.App.Address.ToString();

    [Fact]
    public async Task APage_IsSigned_Put_AndShown()
    {
        var vault = StorageGround.NewVault();
        await ground.Machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Owner = Anna } });
        await ground.Register(vault);
        var (page, signed) = (Path.Combine(folder, "page.md"), Path.Combine(folder, "signed.json"));

        Says(0, "The owner tells nothing about this vault.", await Run("", "disclosure", "show", "--vault", vault, "--app", App));
        await File.WriteAllTextAsync(page, "# Mein Modell\r\n\r\nGr\u00fc\u00dfe, *trees*.\n"); // Windows' ends of lines
        Says(0, $"Signed by 0x", await Run("", [.. Sign("disclosure", page, vault, 5), "--app", App, "--out", signed]));
        Says(0, $"Stored for {vault}: version 1.", await Run("", "disclosure", "put", signed, "--app", App));
        await File.WriteAllTextAsync(page, "Second");
        await File.WriteAllTextAsync(signed, (await Run("", [.. Sign("disclosure", page, vault, 5), "--app", App])).Output);
        Says(0, $"Stored for {vault}: version 2.", await Run("", "disclosure", "put", signed, "--app", App));

        var shown = await Run("", "disclosure", "show", "--vault", vault, "--app", App);
        Says(0, $"Version 2 of 2, signed by {Anna} (", shown);
        Assert.EndsWith("\n\nSecond", shown.Output.ReplaceLineEndings("\n").TrimEnd('\n'), StringComparison.Ordinal);
        var versions = JsonNode.Parse((await Run("", "disclosure", "show", "--vault", vault, "--app", App, "--json")).Output)!["versions"]!.AsArray();
        Assert.Contains("# Mein Modell\n\nGr\u00fc\u00dfe, *trees*.", (await Run("", "disclosure", "show", "--vault", vault, "--app", App, "--digest", (string)versions[0]!["digest"]!)).Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        // An older version again. Whose signature it is, the tests of pages and allocations look at: here is no node that an owner's contract could be asked at.
        await File.WriteAllTextAsync(signed, (await Run("", [.. Sign("disclosure", page, vault, 5), "--version", "1"])).Output);
        Refused(3, "versionTaken: ", await Run("", "disclosure", "put", signed, "--app", App));

        await File.WriteAllTextAsync(page, "a\u001b[2Jb");
        Refused(2, $"{page}: character 2 is a control character", await Run("", [.. Sign("disclosure", page, vault, 5), "--version", "3"]));
        Refused(1, "unknownVault: ", await Run("", "disclosure", "show", "--vault", StorageGround.NewVault(), "--app", App));
        Refused(2, $"{page}: not what 'backstake disclosure sign' prints", await Run("", "disclosure", "put", page, "--app", App));
    }

    [Fact]
    public async Task AnAllocation_IsSigned_Put_AndShownToItsBackerAlone()
    {
        var (file, signed, key) = (Path.Combine(folder, "allocation.json"), Path.Combine(folder, "signed.json"), await ground.KeyOf(Anna, ApiScope.ReadOwn));
        string Written(int wallet) => $$"""{"fromWeek":3,"walletBps":{{wallet}},"parts":[{"vault":"{{ground.Vault}}","terms":"{{History.TermsOne}}","bps":2500}]}""";
        await File.WriteAllTextAsync(file, Written(7500));
        Says(0, "Nothing is signed: everything is the wallet's.", await Run(key, "allocation", "show", "--vault", ground.Vault, "--app", App));
        Says(0, "Signed by 0x", await Run(key, [.. Sign("allocation", file, ground.Vault, 5), "--app", App, "--out", signed]));
        Assert.Equal((Anna, 1), ((string)JsonNode.Parse(await File.ReadAllTextAsync(signed))!["backer"]!, (int)JsonNode.Parse(await File.ReadAllTextAsync(signed))!["version"]!));
        Says(0, $"Stored for {ground.Vault}: version 1.", await Run("", "allocation", "put", signed, "--app", App));

        Says(0, $"Version 1, from week 3 on: 7500 bps for the wallet{Environment.NewLine}  2500 bps for units of {ground.Vault} under {History.TermsOne}", await Run(key, "allocation", "show", "--vault", ground.Vault, "--app", App));
        Says(0, "Nothing is signed", await Run(await ground.KeyOf(History.Anna.Address, ApiScope.ReadOwn), "allocation", "show", "--vault", ground.Vault, "--app", App));
        Refused(1, "BACKSTAKE_KEY is not set: a key of yours with the scope read", await Run("", "allocation", "show", "--vault", ground.Vault, "--app", App));

        await File.WriteAllTextAsync(file, Written(7499));
        Refused(2, $"{file}: walletBps: with the parts' bps it isn't 10000", await Run("", [.. Sign("allocation", file, ground.Vault, 5), "--version", "2"]));
        await File.WriteAllTextAsync(file, Written(7500).Replace("\"bps\"", "\"percent\"", StringComparison.Ordinal));
        Refused(2, $"{file}: parts[0].percent: not as ", await Run("", [.. Sign("allocation", file, ground.Vault, 5), "--version", "2"]));
        await File.WriteAllTextAsync(file, """{"fromWeek":3,"walletBps":10000,"parts":[null]}""");
        Refused(2, $"{file}: parts[0]: not an object", await Run("", [.. Sign("allocation", file, ground.Vault, 5), "--version", "2"]));
    }

    string[] Sign(string what, string file, string vault, int account)
    {
        var keystore = Path.Combine(folder, $"{account}.json");
        KeystoreFile.Write(keystore, Anvil.PrivateKeys[account], Password);
        return [what, "sign", file, "--vault", vault, "--chain-id", $"{IdentityGround.ChainId}", "--keystore", keystore];
    }

    static void Says(int status, string begins, (int Status, string Output, string Error) run) => Assert.True(run.Status == status && run.Error.Length == 0 && run.Output.StartsWith(begins, StringComparison.Ordinal), $"{run.Status}: {run.Error}{run.Output}");

    static void Refused(int status, string begins, (int Status, string Output, string Error) run) => Assert.True(run.Status == status && run.Output.Length == 0 && run.Error.StartsWith(begins, StringComparison.Ordinal), $"{run.Status}: {run.Error}{run.Output}");

    static async Task<(int Status, string Output, string Error)> Run(string key, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BACKSTAKE_KEY"] = key;
        start.Environment["BACKSTAKE_KEYSTORE_PASSWORD"] = Password;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
