using System.Text.Encodings.Web;
using System.Text.Json;

namespace Backstake.Cli.Verify;

/// <summary>What <c>backstake verify</c> prints.</summary>
internal sealed record VerifyReport(string Vault, bool Verified, IReadOnlyList<Check> Checks)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static VerifyReport Of(string vault, IReadOnlyList<Check> checks) => new(vault, checks.All(check => check.Holds), checks);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public override string ToString()
    {
        var failed = Checks.Count(check => !check.Holds);
        var lines = Checks.Select(check => $"{(check.Holds ? '✔' : '✘')} {check.Name}: {check.Detail}");
        return string.Join('\n', [$"Vault {Vault}", .. lines, Verified ? $"Verified: all {Checks.Count} checks hold." : $"Not verified: {failed} of {Checks.Count} checks don't hold."]);
    }
}
