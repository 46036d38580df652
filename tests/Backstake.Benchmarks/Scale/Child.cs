using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Backstake.Benchmarks.Scale;

/// <summary>A part of a benchmark in a process of its own: <c>--part NAME CONNECTION NUMBER</c>. What it measured it prints as one JSON object.</summary>
internal static class Child
{
    public const string Part = "--part";

    public static async Task<IReadOnlyDictionary<string, double>> Run(string part, string connection, int number)
    {
        string[] arguments = [typeof(Child).Assembly.Location, Part, part, connection, number.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Dictionary<string, double>>(output)! : throw new InvalidOperationException($"{part} {number} ended with {process.ExitCode}: {output}");
    }

    /// <summary>The most memory that this process ever held, MiB.</summary>
    public static double PeakMebibytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / (double)(1 << 20);
    }
}
