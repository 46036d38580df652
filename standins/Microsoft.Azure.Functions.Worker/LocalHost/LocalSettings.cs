using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// local.settings.json as func reads it: <c>Values</c> become environment variables of the process unless they are set already.
/// It is looked for in the output folder, then in the first folder from the current one upwards that has host.json or local.settings.json.
/// </summary>
sealed record LocalSettings(int? Port)
{
    const string FileName = "local.settings.json";
    static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static LocalSettings Load()
    {
        if (Find() is not { } path)
            return new LocalSettings((int?)null);

        try
        {
            using var file = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (file.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
                throw new HostRefusalException($"{path} is encrypted: run `func settings decrypt`, or set IsEncrypted to false.");
            if (file.RootElement.TryGetProperty("Values", out var values))
            {
                foreach (var value in values.EnumerateObject())
                {
                    if (Environment.GetEnvironmentVariable(value.Name) is null)
                        Environment.SetEnvironmentVariable(value.Name, value.Value.ToString());
                }
            }

            var port = file.RootElement.TryGetProperty("Host", out var host) && host.TryGetProperty("LocalHttpPort", out var number) ? number.GetInt32() : (int?)null;
            return new LocalSettings(port);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new HostRefusalException($"{path} can't be read: {exception.Message}", exception);
        }
    }

    static string? Find()
    {
        var output = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(output))
            return output;
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, FileName);
            if (File.Exists(path))
                return path;
            if (File.Exists(Path.Combine(folder.FullName, "host.json")))
                return null;
        }

        return null;
    }
}
