using System.Text.Json;

namespace Backstake.Cli;

/// <summary>An app's list of its vaults, which comes in pages.</summary>
internal static class ListedVaults
{
    private const int PageSize = 200; // the most that a page holds

    /// <returns>What the app says of each vault, of every page.</returns>
    /// <exception cref="IOException">A page can't be had, or leads back to one before it.</exception>
    /// <exception cref="JsonException">An answer isn't a list of vaults.</exception>
    public static async Task<IReadOnlyList<JsonElement>> All(Uri app, CancellationToken stop)
    {
        var (vaults, seen) = (new List<JsonElement>(), new HashSet<string>(StringComparer.Ordinal));
        for (var route = $"vaults?limit={PageSize}"; ;)
        {
            using var page = JsonDocument.Parse(await Download.Bytes(AppAddress.Of(app, route), stop));
            if (page.RootElement.ValueKind != JsonValueKind.Object || !page.RootElement.TryGetProperty("vaults", out var listed) || listed.ValueKind != JsonValueKind.Array)
                throw new JsonException($"{app.Host} answers with no list of vaults.");
            vaults.AddRange(listed.EnumerateArray().Select(vault => vault.Clone()));
            if (!page.RootElement.TryGetProperty("next", out var next) || next.ValueKind == JsonValueKind.Null) return vaults;
            var cursor = next.ValueKind == JsonValueKind.String ? next.GetString()! : throw new JsonException($"{app.Host} says of the next page what is no cursor.");
            if (!seen.Add(cursor)) throw new IOException($"{app.Host}: its pages of vaults lead back to one before.");
            route = $"vaults?limit={PageSize}&cursor={Uri.EscapeDataString(cursor)}";
        }
    }
}
