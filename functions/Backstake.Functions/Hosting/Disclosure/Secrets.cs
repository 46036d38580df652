using Backstake.Functions.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Hosting.Disclosure;

/// <summary>The values of the settings that are secret, to be struck out of whatever text leaves the process.</summary>
public sealed class Secrets
{
    const string Struck = "***";
    const int LengthLeast = 4; // shorter ones are placeholders of a sandbox, and would strike out half of every text

    readonly Lock gate = new();
    volatile IReadOnlyList<string> values;

    public Secrets(IConfiguration configuration) => values = AppSettings.All
        .Where(setting => setting.IsSecret)
        .SelectMany(setting => Forms(configuration[setting.Key] ?? ""))
        .Where(value => value.Length >= LengthLeast)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .OrderByDescending(value => value.Length) // a longer one may hold a shorter one
        .ToList();

    /// <summary>One that came later: it is struck out from now on.</summary>
    public void Learn(string secret)
    {
        lock (gate)
        {
            if (secret.Length >= LengthLeast && !values.Contains(secret, StringComparer.Ordinal))
                values = [.. values.Append(secret).OrderByDescending(value => value.Length)];
        }
    }

    public string Strike(string text) => values.Aggregate(text, (rest, value) => rest.Replace(value, Struck, StringComparison.OrdinalIgnoreCase));

    /// <summary>A secret as others write it: without 0x; of an address also what follows the host, and who signs in.</summary>
    static IEnumerable<string> Forms(string value)
    {
        yield return value;
        if (value.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            yield return value[2..];
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield break;
        yield return address.PathAndQuery.Trim('/');
        yield return address.UserInfo;
        foreach (var segment in address.Segments.Select(it => it.Trim('/')).Where(it => it.Length >= 16))
            yield return segment;
    }
}
