using System.Text.Encodings.Web;
using System.Text.Json;

namespace Backstake.Cli.Verify;

/// <summary>What <c>backstake verify</c> prints.</summary>
/// <param name="Chain">Whether a node was asked; else what is published was held against itself alone.</param>
internal sealed record VerifyReport(string Vault, bool Verified, bool Chain, IReadOnlyList<Check> Checks)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static VerifyReport Of(string vault, bool chain, IReadOnlyList<Check> checks) => new(vault, checks.All(check => check.Holds), chain, checks);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public override string ToString()
    {
        var failed = Checks.Count(check => !check.Holds);
        var lines = Checks.Select(check => $"{(check.Holds ? '✔' : '✘')} {check.Name}: {check.Detail}");
        var held = Chain ? $"Verified: all {Checks.Count} checks hold." : $"Consistent: all {Checks.Count} checks hold. Whether it is true only the chain can say: name a node with --node.";
        return string.Join('\n', [$"Vault {Vault}", .. lines, Verified ? held : $"Not verified: {failed} of {Checks.Count} checks don't hold."]);
    }
}
