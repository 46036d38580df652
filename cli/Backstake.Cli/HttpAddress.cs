using System.CommandLine.Parsing;

namespace Backstake.Cli;

/// <summary>An argument that is an address of the web.</summary>
internal static class HttpAddress
{
    public static Uri? Parse(ArgumentResult argument)
    {
        if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
        argument.AddError($"'{argument.Tokens[0].Value}' is no address: one begins with http:// or https://.");
        return null;
    }
}
