using System.Globalization;
using System.Text.Json;

namespace Backstake.Chain.Vault;

/// <summary>
/// What calls of the vault cost in gas, as the contracts' tests measured them (contracts/snapshots/vault.json): whole transactions, without the NMR's own <c>approve</c>. What they cost in money
/// depends on the hour.
/// </summary>
public static class VaultGas
{
    private static readonly Dictionary<string, string> Measured = Read();

    /// <summary>A deposit, the first of its series by a new holder: the dearest.</summary>
    public static long Deposit => Of("deposit_first");

    /// <summary>An exit, the first of its series in a week: the dearest.</summary>
    public static long Exit => Of("exit_first");

    public static long Claim => Of("claim");

    /// <summary>The field <c>gas</c> of a JSON object.</summary>
    public static void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject("gas");
        json.WriteNumber("deposit", Deposit);
        json.WriteNumber("exit", Exit);
        json.WriteNumber("claim", Claim);
        json.WriteString("source", "measured by the contract's own tests; without NMR's approve");
        json.WriteEndObject();
    }

    private static long Of(string call) => long.Parse(Measured[call], CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Read()
    {
        using var json = typeof(VaultGas).Assembly.GetManifestResourceStream("vault-gas.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
    }
}
