using System.Text.Json;

namespace Backstake.Benchmarks;

/// <summary>A table to read, or JSON. Exit status 1 when a limit is exceeded.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Write(string name, IEnumerable<Measurement> measurements, bool json, TextWriter output)
    {
        var all = measurements.ToArray();
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { Benchmark = name, Processors = Environment.ProcessorCount, Measurements = all }, Indented));
        }
        else
        {
            foreach (var m in all) output.WriteLine($"{m.Name,-70} {m.Milliseconds,10:F2} ms{(m.LimitMilliseconds is { } limit ? $"   limit {limit:F0} ms{(m.IsWithinLimit ? "" : "   EXCEEDED")}" : "")}{(m.AllocatedMiB is { } allocated ? $"   allocates {allocated:F1} MiB, {(m.LimitMiB is { } most ? $"limit {most:F0} MiB" : "no limit")}" : "")}");
        }

        return all.All(m => m.IsWithinLimit) ? 0 : 1;
    }
}
