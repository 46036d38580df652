using Backstake.Benchmarks.Scale;

namespace Backstake.Benchmarks;

/// <summary>One vault with 10,000 and with 100,000 backers: each step's own processor time, and the most memory that the process ever held, its storage apart.</summary>
internal static class VaultBenchmark
{
    public const string Part = "vault";

    private const double MebibytesMost = 512;
    private const double TimesMost = 15; // ten times the backers, and half as much again for what doesn't fit into the caches

    private static readonly string[] Steps = ["deposits", "settle", "statement", "export", "everybody_leaves"];

    /// <param name="run">Runs the vault with so many backers on this storage.</param>
    public static async Task<Figures> Run(int few, int many, Func<string, int, Task<IReadOnlyDictionary<string, double>>> run)
    {
        var figures = new Figures("vault");
        var results = new List<IReadOnlyDictionary<string, double>>();
        foreach (var backers in (int[])[few, many])
        {
            await using var storage = await MemoryServer.Start();
            var result = await run(storage.ConnectionString, backers);
            foreach (var (name, value) in result) figures[$"{name}_{backers}_backers"] = value;
            results.Add(result);
        }

        foreach (var step in Steps)
        {
            var times = results[1][$"{step}_cpu_ms"] / results[0][$"{step}_cpu_ms"];
            figures[$"{step}_times_as_long"] = times;
            figures.Reach($"{step}: {many / few} times the backers, at most {TimesMost} times as long", times <= TimesMost * many / few / 10);
        }

        figures.Reach($"{many} backers below {MebibytesMost} MiB", results[1]["peak_mib"] < MebibytesMost);
        return figures;
    }
}
