using System.CommandLine;
using System.Text.Json;
using Backstake.Cli.Backers;
using Nethereum.Web3.Accounts;

namespace Backstake.Cli.Owners;

/// <summary>The options of commands that sign a document about a vault (EIP-712), and where what was signed goes.</summary>
internal sealed class SignOptions
{
    public const string About = "The keystore's password is asked for, or taken from BACKSTAKE_KEYSTORE_PASSWORD.";

    private readonly Argument<FileInfo> _file;
    private readonly Option<string> _vault = new("--vault") { Description = "The vault that it is for, by address.", HelpName = "ADDRESS", Required = true };
    private readonly Option<long> _chainId = new("--chain-id") { Description = "The chain that the vault is on: 1 is Ethereum's main network, 31337 the sandbox's.", HelpName = "N", Required = true };
    private readonly Option<FileInfo> _keystore = new("--keystore") { Description = "The file of the key that signs.", HelpName = "FILE", Required = true };
    private readonly Option<FileInfo?> _signed = new("--out") { Description = "The file to write (by default standard output).", HelpName = "FILE" };

    /// <param name="file">What FILE has.</param>
    public SignOptions(string file) => _file = new("FILE") { Description = file };

    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (var option in new Option[] { _vault, _chainId, _keystore, _signed }) command.Add(option);
        VaultSource.RequireAddress(command, _vault);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_chainId) < 1) result.AddError("--chain-id: a chain's number is positive.");
        });
    }

    public FileInfo File(ParseResult result) => result.GetValue(_file)!;

    /// <summary>In lower case.</summary>
    public string Vault(ParseResult result) => result.GetValue(_vault)!.ToLowerInvariant();

    public long ChainId(ParseResult result) => result.GetValue(_chainId);

    public Task<Account> Key(ParseResult result, CancellationToken stop) => Wallet.Open(result.GetValue(_keystore)!, ChainId(result), stop);

    /// <summary>What was signed, as a JSON object: where it was asked for, and then who signed it is told.</summary>
    public int Write(ParseResult result, Account signer, string what, Action<Utf8JsonWriter> fields)
    {
        var output = result.InvocationConfiguration.Output;
        if (result.GetValue(_signed) is not { } target)
        {
            Printed.Json(output, fields);
            return ExitStatus.Done;
        }

        using var writer = target.CreateText();
        Printed.Json(writer, fields);
        output.WriteLine($"Signed by {signer.Address}: {what}, in {target}.");
        return ExitStatus.Done;
    }
}
