using System.Text.Json;

namespace Backstake.Infra.Tests;

/// <summary>What `dotnet publish` left: whether the Functions host finds in it what it needs, and whether it may be deployed.</summary>
sealed record PublishedApp(string Folder)
{
    public const string Marker = "NOT-DEPLOYABLE.txt";

    /// <summary>What the host reads (the worker's SDK makes all but host.json): without metadata it finds no function, without extensions.json no trigger.</summary>
    public static readonly string[] OfTheWorkerSdk = ["worker.config.json", "functions.metadata", "extensions.json", ".azurefunctions"];

    static readonly string[] Always = ["host.json", "Backstake.Functions.dll", "Backstake.Functions.deps.json", "Backstake.Functions.runtimeconfig.json"];

    /// <summary>Settings of a machine, and what Azure doesn't run.</summary>
    static readonly string[] Never = ["local.settings.json", "Moq.dll", "Backstake.Sandbox.dll"];

    public IEnumerable<string> Lacks() => Always.Concat(OfTheWorkerSdk).Where(it => !Exists(it));

    public IEnumerable<string> HasTooMuch() => Never.Where(Exists);

    /// <summary>The stand-ins inside: packages that were compiled from a project of this repository.</summary>
    public IReadOnlyList<string> StandIns()
    {
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "Backstake.Functions.deps.json")));
        return dependencies.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(it => it.Value.GetProperty("type").GetString() == "project" && !it.Name.StartsWith("Backstake.", StringComparison.Ordinal))
            .Select(it => it.Name.Split('/')[0]).Order(StringComparer.Ordinal).ToList();
    }

    public string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public bool Exists(string file) => Path.Exists(Path.Combine(Folder, file));
}
