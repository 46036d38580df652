using System.Text.Json;

namespace Backstake.StandIns.Worker.TestApp;

/// <summary>What functions did, one JSON object a line, for the tests to read; nothing without a file.</summary>
public sealed class Journal(string? path)
{
    readonly Lock writing = new();

    public void Add(object entry)
    {
        if (path is null)
            return;
        lock (writing)
            File.AppendAllText(path, JsonSerializer.Serialize(entry) + "\n");
    }
}
