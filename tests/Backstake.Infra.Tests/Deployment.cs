using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Backstake.Infra.Tests;

/// <summary>The texts that say how the app is deployed and run, by their path from the root: as they are, or with a fault put in.</summary>
sealed record Deployment(ImmutableSortedDictionary<string, string> Files)
{
    static readonly string[] Single =
        ["azure.yaml", "README.md", "local.settings.sample.json", "host.json", "Directory.Build.props", "docs/runbook.md", ".github/workflows/azure-dev.yml", ".github/workflows/ci.yml"];

    public static Deployment OfCheckout { get; } = Read(Checkout.Root);

    static Deployment Read(string root)
    {
        var below = Directory.EnumerateFiles(Path.Combine(root, "infra"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'));
        return new(Single.Where(path => File.Exists(Path.Combine(root, path))).Concat(below)
            .ToImmutableSortedDictionary(path => path, path => File.ReadAllText(Path.Combine(root, path)).ReplaceLineEndings("\n"), StringComparer.Ordinal));
    }

    public string this[string path] => Files.TryGetValue(path, out var text) ? text : "";

    public string Main => this["infra/main.bicep"];

    public IEnumerable<KeyValuePair<string, string>> Bicep => Files.Where(file => file.Key.EndsWith(".bicep", StringComparison.Ordinal));

    public IReadOnlyList<JsonElement> Alerts => JsonDocument.Parse(this["infra/app/alerts.json"]).RootElement.EnumerateArray().ToList();

    /// <summary>With another text in place of one; the fault must have something to change.</summary>
    public Deployment With(string path, string from, string to)
    {
        var text = this[path];
        Assert.Contains(from, text, StringComparison.Ordinal);
        return new(Files.SetItem(path, new Regex(Regex.Escape(from), RegexOptions.None, TimeSpan.FromSeconds(5)).Replace(text, to.Replace("$", "$$", StringComparison.Ordinal), 1)));
    }

    /// <summary>Writes the files of infra/ below a folder and returns the path of main.bicep there.</summary>
    public string WriteTo(string folder)
    {
        foreach (var (path, text) in Files.Where(file => file.Key.StartsWith("infra/", StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, text);
        }

        return Path.Combine(folder, "infra", "main.bicep");
    }
}

/// <summary>What a rule objects to.</summary>
sealed record Finding(string Rule, string What)
{
    public override string ToString() => $"{Rule}: {What}";
}
