using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// host.json of the output folder. As in the real host, environment variables <c>AzureFunctionsJobHost__extensions__queues__batchSize</c>
/// and the like override it, except for the route prefix, which the worker reads from the file alone (AZURE.md finding 9).
/// </summary>
sealed class HostFile(string routePrefix, IConfiguration options)
{
    /// <summary>Without slashes at its ends; may be empty.</summary>
    public string RoutePrefix { get; } = routePrefix;

    public IConfiguration Queues { get; } = options.GetSection("extensions:queues");

    public IConfiguration Singleton { get; } = options.GetSection("singleton");

    /// <summary>After this an invocation's token is cancelled and it counts as failed; null: no limit.</summary>
    public TimeSpan? FunctionTimeout { get; } = ReadTimeout(options["functionTimeout"]);

    /// <summary>The level of <c>logging.logLevel</c> that names the category or the longest beginning of it; null where none does.</summary>
    public LogLevel? LevelNamedFor(string category) =>
        levels.Where(level => category.StartsWith(level.Prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(level => level.Prefix.Length)?.Level;

    public LogLevel DefaultLevel { get; } = ReadLevels(options).FirstOrDefault(level => level.Prefix == "default")?.Level ?? LogLevel.Information;

    readonly List<CategoryLevel> levels = [.. ReadLevels(options).Where(level => level.Prefix != "default")];

    sealed record CategoryLevel(string Prefix, LogLevel Level);

    public static HostFile Read(string folder)
    {
        var path = Path.Combine(folder, "host.json");
        if (!File.Exists(path))
            throw new HostRefusalException($"{path} is missing: link host.json in the project file with CopyToOutputDirectory.");
        try
        {
            var file = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip })!;
            if ((string?)file["version"] != "2.0")
                throw new HostRefusalException($"{path}: version must be \"2.0\".");
            var prefix = (string?)file["extensions"]?["http"]?["routePrefix"] ?? "api";
            var options = new ConfigurationBuilder()
                .AddJsonStream(new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(file)))
                .AddEnvironmentVariables("AzureFunctionsJobHost__")
                .Build();
            return new HostFile(prefix.Trim('/'), options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new HostRefusalException($"{path} can't be read: {exception.Message}", exception);
        }
    }

    static TimeSpan? ReadTimeout(string? value) => value is null or "-1" ? null : TimeSpan.Parse(value);

    static IEnumerable<CategoryLevel> ReadLevels(IConfiguration options) =>
        options.GetSection("logging:logLevel").GetChildren().Select(level => new CategoryLevel(level.Key, Enum.Parse<LogLevel>(level.Value!, ignoreCase: true)));
}
