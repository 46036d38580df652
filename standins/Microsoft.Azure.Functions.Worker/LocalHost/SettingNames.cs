using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>Resolves <c>%Setting%</c> in schedules, queue names and the like.</summary>
sealed partial class SettingNames(IConfiguration configuration)
{
    /// <exception cref="HostRefusalException">The setting is not set.</exception>
    public string Resolve(string text, string function) =>
        Placeholder().Replace(text, match => configuration[match.Groups["name"].Value] is { Length: > 0 } value
            ? value
            : throw new HostRefusalException($"Function {function}: '{match.Value}' does not resolve to a value: set the application setting {match.Groups["name"].Value.Replace(":", "__")}."));

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
