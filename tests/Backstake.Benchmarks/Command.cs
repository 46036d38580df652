using System.Diagnostics;

namespace Backstake.Benchmarks;

/// <summary>The <c>backstake</c> command, as a process of its own.</summary>
internal static class Command
{
    private const string OneEvent = """{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[{"type":"settle","week":1}]}""";
    private const string Terms = """{"unitSize":"100","profitShareBps":2000,"lossShareBps":3000,"crystallisation":"weekly","clawBackWeeks":4,"compoundingWeeks":12}""";

    /// <summary>From the start of <c>backstake replay</c> of a one-event file to its end.</summary>
    public static double StartMilliseconds() => InFolder(folder =>
    {
        var history = Path.Combine(folder, "history.json");
        File.WriteAllText(history, OneEvent);
        return BooksBenchmark.BestMilliseconds(10, () => Run("\"week\":1,", "replay", history));
    });

    /// <summary><c>backstake simulate</c>, its start too, for a model with 300 rounds of made scores. One thread.</summary>
    public static double SimulateMilliseconds() => InFolder(folder =>
    {
        string[] Table(int factor) => ["roundNumber,A", .. Enumerable.Range(1, 300).Select(round => $"{round},0.0{round * factor % 37:d2}".Replace(",", round % 3 == 0 ? ",-" : ",", StringComparison.Ordinal))];
        File.WriteAllLines(Path.Combine(folder, "numerai-corr20-by-round.csv"), Table(7));
        File.WriteAllLines(Path.Combine(folder, "numerai-mmc20-by-round.csv"), Table(11));
        File.WriteAllText(Path.Combine(folder, "terms.json"), Terms);
        return BooksBenchmark.BestMilliseconds(5, () => Run("10000 paths of 60 rounds", "simulate", "--scores", folder, "--model", "A", "--terms", Path.Combine(folder, "terms.json")));
    });

    private static void Run(string expected, params string[] arguments)
    {
        var command = Path.Combine(Repository(), "cli/Backstake.Cli/bin/Release/net10.0/backstake");
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 || !output.Contains(expected, StringComparison.Ordinal)) throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} printed: {output}");
    }

    private static double InFolder(Func<string, double> measure)
    {
        var folder = Directory.CreateTempSubdirectory("backstake-").FullName;
        try
        {
            return measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no Serverless.sln above this program.");
        return folder;
    }
}
