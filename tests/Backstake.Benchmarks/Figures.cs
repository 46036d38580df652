using System.Text.Json;

namespace Backstake.Benchmarks;

/// <summary>Figures by their names, and what they must reach: a table to read, or JSON. Exit status 1 where something isn't reached.</summary>
internal sealed class Figures(string benchmark)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly OrderedDictionary<string, double> _figures = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, bool> _reached = new(StringComparer.Ordinal);

    public bool AreReached => _reached.Values.All(one => one);

    public double this[string name]
    {
        get => _figures[name];
        set => _figures[name] = value;
    }

    public void Reach(string what, bool isReached) => _reached[what] = isReached;

    public int Write(bool json, TextWriter output)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(new { benchmark, processors = Environment.ProcessorCount, figures = _figures.ToDictionary(one => one.Key, one => Math.Round(one.Value, 2)), reached = _reached }, Indented));
        else
        {
            foreach (var (name, value) in _figures) output.WriteLine($"{name,-45} {value,16:N2}");
            foreach (var (name, isReached) in _reached) output.WriteLine($"{(isReached ? "reached" : "NOT REACHED"),-12} {name}");
        }

        return AreReached ? 0 : 1;
    }
}
