using System.Text.Json;
using Nethereum.Util;

namespace Backstake.Chain.Tests;

/// <summary>A contract as forge compiled it: <c>contracts/out/FILE.sol/CONTRACT.json</c>.</summary>
public sealed class Artifact
{
    public const string Missing = "contracts/out has no compiled contracts: build them with forge first.";

    private readonly JsonElement json;

    private Artifact(JsonElement json) => this.json = json;

    public string Bytecode => json.GetProperty("bytecode").GetProperty("object").GetString()!;

    /// <summary>Selectors by signature.</summary>
    public IReadOnlyDictionary<string, string> Selectors =>
        json.GetProperty("methodIdentifiers").EnumerateObject().ToDictionary(method => method.Name, method => method.Value.GetString()!, StringComparer.Ordinal);

    public static Artifact? Find(string name) => Find(name, name);

    public static Artifact? Find(string name, string contract)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "contracts", "out", name + ".sol", contract + ".json");
            if (File.Exists(file)) return new Artifact(JsonDocument.Parse(File.ReadAllText(file)).RootElement);
        }

        return null;
    }

    /// <summary>Entries of a kind (<c>function</c>, <c>event</c>, <c>error</c>).</summary>
    public IEnumerable<Entry> Entries(string kind) =>
        json.GetProperty("abi").EnumerateArray().Where(entry => entry.GetProperty("type").GetString() == kind).Select(entry => new Entry(
            entry.GetProperty("name").GetString()!,
            [.. entry.GetProperty("inputs").EnumerateArray().Select(Read)],
            entry.TryGetProperty("outputs", out var outputs) ? [.. outputs.EnumerateArray().Select(Read)] : []));

    private static Value Read(JsonElement value) => new(
        TypeOf(value), value.GetProperty("name").GetString()!, value.TryGetProperty("indexed", out var indexed) && indexed.GetBoolean(),
        value.TryGetProperty("components", out var members) ? [.. members.EnumerateArray().Select(member => member.GetProperty("name").GetString()!)] : []);

    private static string TypeOf(JsonElement value)
    {
        var type = value.GetProperty("type").GetString()!;
        return type.StartsWith("tuple", StringComparison.Ordinal)
            ? $"({string.Join(',', value.GetProperty("components").EnumerateArray().Select(TypeOf))}){type[5..]}"
            : type;
    }

    /// <param name="Members">The names of a struct's fields.</param>
    public sealed record Value(string Type, string Name, bool Indexed, IReadOnlyList<string> Members);

    public sealed record Entry(string Name, IReadOnlyList<Value> Inputs, IReadOnlyList<Value> Outputs)
    {
        public string Signature => $"{Name}({string.Join(',', Inputs.Select(input => input.Type))})";

        public string Hash => Sha3Keccack.Current.CalculateHash(Signature);
    }
}
