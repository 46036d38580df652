using System.Diagnostics;
using System.Text.Json;
using Backstake.Sandbox.Scores;
using Backstake.Season;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>A season played by the season program, as <c>./run</c> starts it, and what it left.</summary>
sealed record PlayedSeason(int ExitCode, JsonElement Summary, string Output, string Folder, string Scores)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>One week of five rounds for two vaults and three backers; the scores are the shared ones if they are there, else made from the seed.</summary>
    public static async Task<PlayedSeason> Play(params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("backstake-season-test-").FullName;
        var scores = Path.Combine(folder, "scores");
        Directory.CreateDirectory(scores);
        SandboxScores.ReadOrMake(null, Repository.Root, 1).Write(scores);
        string[] arguments =
        [
            Program, "--exit", "--json", "--weeks", "1", "--vaults", "2", "--backers", "3", "--scores", scores, "--out", Path.Combine(folder, "out"), .. more,
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var last = (await output).TrimEnd().Split('\n')[^1];
            Assert.True(last.StartsWith('{'), await output + await error);
            return new(process.ExitCode, JsonDocument.Parse(last).RootElement, await output + await error, Path.Combine(folder, "out"), scores);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public IReadOnlyList<JsonElement> Vaults => [.. Summary.GetProperty("vaults").EnumerateArray()];

    static string Program => Path.Combine(
        Repository.Root, "sandbox", "Backstake.Season", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "season.dll");
}
