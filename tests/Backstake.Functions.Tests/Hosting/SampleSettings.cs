using System.Text.Json;
using Backstake.Season;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>The settings of local.settings.sample.json, so that the app starts; what a test needs otherwise is changed.</summary>
public static class SampleSettings
{
    public static Dictionary<string, string> With(params (string Name, string Value)[] changes)
    {
        using var sample = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "local.settings.sample.json")));
        var settings = sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(it => it.Name, it => it.Value.GetString()!, StringComparer.Ordinal);
        // The sample leaves the two empty that are somebody's own.
        (settings["Numerai__PublicId"], settings["Numerai__SecretKey"]) = ("nobody", "nothing");
        foreach (var (name, value) in changes)
            settings[name] = value;
        return settings;
    }
}
