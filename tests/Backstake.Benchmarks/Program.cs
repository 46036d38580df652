using System.Globalization;
using System.Text.Json;
using Backstake.Benchmarks;
using Backstake.Benchmarks.Scale;

// One file a benchmark, one line each here.
var benchmarks = new SortedDictionary<string, Func<IEnumerable<Measurement>>>(StringComparer.Ordinal)
{
    ["predictions"] = PredictionsBenchmark.Run,
    ["research"] = ResearchBenchmark.Run,
};

var figured = new SortedDictionary<string, Func<Task<Figures>>>(StringComparer.Ordinal)
{
    ["books"] = () => Task.FromResult(BooksBenchmark.Run()),
    ["vault"] = () => VaultBenchmark.Run(10_000, 100_000, (storage, backers) => Child.Run(VaultBenchmark.Part, storage, backers)),
    ["settle"] = () => SettleBenchmark.Run(SettleSize.Full, (storage, vaults) => Child.Run(SettleBenchmark.Part, storage, vaults)),
    ["api"] = () => ApiBenchmark.Run(new ApiSize()),
    ["round"] = () => RoundBenchmark.Run([60, 250, 500]),
    ["log"] = () => LogBenchmark.Run(new LogSize()),
};

// What a benchmark runs in a process of its own.
var parts = new Dictionary<string, Func<string, int, Task<IReadOnlyDictionary<string, double>>>>(StringComparer.Ordinal)
{
    [VaultBenchmark.Part] = LargeVault.Run,
    [SettleBenchmark.Part] = ManyVaults.Run,
};

if (args is [Child.Part, var part, var connection, var number])
{
    Console.WriteLine(JsonSerializer.Serialize(await parts[part](connection, int.Parse(number, CultureInfo.InvariantCulture))));
    return 0;
}

var json = args.Contains("--json");
string[] names = [.. args.Where(a => a != "--json")];
if (names is ["books", "--detail"]) return BooksDetail.Run();
if (names is ["round", var sizes]) return (await RoundBenchmark.Run([.. sizes.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture))])).Write(json, Console.Out);
if (names is [var name])
{
    if (figured.TryGetValue(name, out var figures)) return (await figures()).Write(json, Console.Out);
    if (benchmarks.TryGetValue(name, out var run)) return Report.Write(name, run(), json, Console.Out);
}

Console.Error.WriteLine($"Usage: ./bench NAME [--json], NAME one of: {string.Join(", ", benchmarks.Keys.Concat(figured.Keys).Order(StringComparer.Ordinal))}; books --detail gives the spread, round 40,120 plays other sizes.");
return 2;
