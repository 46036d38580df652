using System.Text.RegularExpressions;

namespace Backstake.Infra.Tests.Rules;

/// <summary>What our rules need of a Bicep file: no compiler, the house's own layout is enough (a declaration begins at the beginning of a line).</summary>
static partial class BicepText
{
    public static IEnumerable<(string Name, string Type, bool HasDefault)> Parameters(string text) =>
        ParameterForm().Matches(text).Select(it => (it.Groups["name"].Value, it.Groups["type"].Value, it.Groups["value"].Success));

    public static IEnumerable<(string Name, string Value)> Outputs(string text) =>
        OutputForm().Matches(text).Select(it => (it.Groups["name"].Value, it.Groups["value"].Value));

    /// <summary>Each resource that is made here (not <c>existing</c>), from its first line to its closing brace.</summary>
    public static IEnumerable<(string Name, string Type, string Body)> Resources(string text) =>
        ResourceForm().Matches(text).Where(it => !it.Value.Contains("existing =", StringComparison.Ordinal))
            .Select(it => (it.Groups["name"].Value, it.Groups["type"].Value, it.Value));

    public static IEnumerable<(string Name, string Path, string Body)> Modules(string text) =>
        ModuleForm().Matches(text).Select(it => (it.Groups["name"].Value, it.Groups["path"].Value, it.Value));

    /// <summary>The lines of an object literal that follows <paramref name="beginning"/>, as names and values.</summary>
    public static IEnumerable<(string Name, string Value)> Properties(string text, string beginning)
    {
        var start = text.IndexOf(beginning, StringComparison.Ordinal);
        if (start < 0)
            yield break;
        var indent = -1;
        foreach (var line in text[(start + beginning.Length)..].Split('\n').Skip(1))
        {
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                continue;
            var spaces = line.Length - line.TrimStart().Length;
            indent = indent < 0 ? spaces : indent;
            if (spaces < indent)
                yield break;
            if (spaces == indent && PropertyForm().Match(line) is { Success: true } property)
                yield return (property.Groups["name"].Value, property.Groups["value"].Value);
        }
    }

    [GeneratedRegex(@"^param (?<name>\w+) (?<type>\w+)(?<value> = .*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ParameterForm();

    [GeneratedRegex(@"^output (?<name>\w+) \w+ = (?<value>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex OutputForm();

    [GeneratedRegex(@"^resource (?<name>\w+) '(?<type>[^@']+)@[^']+' (.*\}$|.*\n(?:.*\n)*?\}\]?$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ResourceForm();

    [GeneratedRegex(@"^module (?<name>\w+) '(?<path>[^']+)' .*\n(?:.*\n)*?\}$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ModuleForm();

    [GeneratedRegex(@"^\s*'?(?<name>[\w-]+)'?: (?<value>.*)$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex PropertyForm();
}
