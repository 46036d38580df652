using System.Diagnostics;
using System.Text.RegularExpressions;
using Backstake.Season;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>The command lines of the runbook and the tours (docs/): what stands in code there, begins with <c>backstake</c> and has arguments.</summary>
static class RunbookLines
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<string> All { get; } = Of("runbook.md");

    public static IReadOnlyList<string> Of(string document) => Regex
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", document)), @"(^ {4,}|`)(?<line>backstake [^`\n#]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, Limit)
        .Select(it => it.Groups["line"].Value.Trim())
        .Where(line => line.Contains(" --", StringComparison.Ordinal) || line.Contains(".json", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal).ToList();

    /// <summary>Runs a line as an operator does, with what stands for the placeholders.</summary>
    public static async Task<(int Status, string Output)> Run(string line, string folder, string key, params (string Placeholder, string Value)[] values)
    {
        var words = Regex.Matches(line, "\"(?<word>[^\"]*)\"|(?<word>\\S+)", RegexOptions.ExplicitCapture, Limit)
            .Select(it => values.Aggregate(it.Groups["word"].Value, (word, value) => Regex.Replace(word, $@"\b{value.Placeholder}\b", value.Value, RegexOptions.None, Limit)));
        var start = new ProcessStartInfo(Repository.Command, words.Skip(1)) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BACKSTAKE_OPS_KEY"] = key;
        start.Environment["BACKSTAKE_KEYSTORE_PASSWORD"] = SeasonProgram.KeyPassword;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
