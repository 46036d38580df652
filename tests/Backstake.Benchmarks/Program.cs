using Backstake.Benchmarks;

// One file a benchmark, one line each here.
var benchmarks = new SortedDictionary<string, Func<IEnumerable<Measurement>>>(StringComparer.Ordinal)
{
    ["predictions"] = PredictionsBenchmark.Run,
    ["research"] = ResearchBenchmark.Run,
};

var json = args.Contains("--json");
string[] names = [.. args.Where(a => a != "--json")];
if (names is ["books", "--detail"]) return BooksDetail.Run();
if (names is ["books"]) return BooksBenchmark.Run(json, Console.Out);
if (names.Length != 1 || !benchmarks.TryGetValue(names[0], out var run))
{
    Console.Error.WriteLine($"Usage: ./bench NAME [--json], NAME one of: {string.Join(", ", benchmarks.Keys.Append("books").Order(StringComparer.Ordinal))}; books --detail gives the spread.");
    return 2;
}

return Report.Write(names[0], run(), json, Console.Out);
