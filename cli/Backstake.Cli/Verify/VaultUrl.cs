using System.CommandLine.Parsing;
using Backstake.Accounting;

namespace Backstake.Cli.Verify;

/// <summary>A vault's address at an app, as one copies it: <c>https://…/api/vaults/0x…</c>.</summary>
/// <param name="Vault">In lower case.</param>
internal sealed record VaultUrl(Uri App, string Vault)
{
    private const string Route = "/api/vaults/";

    public static VaultUrl? Parse(ArgumentResult argument)
    {
        if (HttpAddress.Parse(argument) is not { } url) return null;
        var path = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (path.LastIndexOf(Route, StringComparison.Ordinal) is >= 0 and var at && path[(at + Route.Length)..].ToLowerInvariant() is var vault && Backer.IsAddress(vault)) return new(new Uri(path[..at]), vault);
        argument.AddError($"'{url}' is no vault's address at an app: one ends with {Route}0x and 40 hex digits.");
        return null;
    }
}
