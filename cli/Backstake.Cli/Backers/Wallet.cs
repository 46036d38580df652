using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nethereum.KeyStore;
using Nethereum.KeyStore.Crypto;
using Nethereum.Web3.Accounts;
using Spectre.Console;

namespace Backstake.Cli.Backers;

/// <summary>A keystore file (version 3, as wallets and geth write it). Its password is asked for, or taken from the environment: never an argument, which other programs can read.</summary>
internal static class Wallet
{
    public const string PasswordVariable = "BACKSTAKE_KEYSTORE_PASSWORD";

    /// <exception cref="IOException">The file isn't a keystore, or the password isn't its own.</exception>
    public static async Task<Account> Open(FileInfo file, BigInteger chainId, CancellationToken stop)
    {
        var json = await File.ReadAllTextAsync(file.FullName, stop);
        if (!IsKeystore(json)) throw new IOException($"{file}: no keystore of version 3 with scrypt or pbkdf2.");
        var password = Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } set ? set
            : Console.IsInputRedirected ? throw new IOException($"Set {PasswordVariable}, or run this in a terminal to be asked for the password.")
            : await new TextPrompt<string>($"Password of {Markup.Escape(file.Name)}:").Secret().ShowAsync(AnsiConsole.Console, stop);
        try
        {
            return new Account(new KeyStoreService().DecryptKeyStoreFromJson(password, json), chainId);
        }
        catch (DecryptionException wrong)
        {
            throw new IOException($"{file}: the password isn't its own.", wrong);
        }
    }

    private static bool IsKeystore(string text)
    {
        try
        {
            // Some wallets write Crypto.
            var root = JsonNode.Parse(text, new JsonNodeOptions { PropertyNameCaseInsensitive = true }) as JsonObject;
            return root?["version"] is JsonValue version && version.TryGetValue<int>(out var number) && number == 3 && root["crypto"] is JsonObject crypto
                && crypto["kdf"] is JsonValue kdf && kdf.TryGetValue<string>(out var name) && name is "scrypt" or "pbkdf2"
                && crypto["kdfparams"] is JsonObject && crypto["cipherparams"] is JsonObject && crypto["mac"] is JsonValue && crypto["ciphertext"] is JsonValue;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
