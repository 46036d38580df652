using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Backstake.Season;

/// <summary>One vault's exported history and published books, and what the <c>backstake</c> command says of them.</summary>
public sealed record VerifiedVault(string Id, bool Verified, string Report);

/// <summary>
/// Writes each vault's history and published books, then gives them, and the node's address, to the <c>backstake</c> command: it alone says whether
/// they are verified.
/// </summary>
public sealed class Verification(SeasonPlay season, string folder)
{
    public async Task<IReadOnlyList<VerifiedVault>> Run(CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var verified = new List<VerifiedVault>();
        foreach (var vault in season.Vaults)
        {
            var (history, books) = (Path.Combine(folder, $"{vault.Id}.json"), Path.Combine(folder, $"{vault.Id}.books.json"));
            await File.WriteAllBytesAsync(history, await season.App.Download($"api/vaults/{vault.Id}/log", stop), stop);
            await File.WriteAllTextAsync(books, await Books(vault, stop), stop);
            verified.Add(await Verify(vault, history, books, stop));
        }

        return verified;
    }

    /// <summary>The published weeks, as the app serves them, in one document. The chain refuses what the books refuse, so there are no errors to list.</summary>
    async Task<string> Books(SeasonVault vault, CancellationToken stop)
    {
        var last = (await season.App.Get($"api/vaults/{vault.Id}", stop)).GetProperty("lastWeek").GetInt32();
        var text = new StringBuilder("{\"weeks\":[\n");
        for (var week = 1; week <= last; week++)
        {
            var entry = Encoding.UTF8.GetString(await season.App.Download($"api/vaults/{vault.Id}/weeks/{week}", stop));
            text.Append(entry).Append(week < last ? ",\n" : "\n");
        }

        return text.Append("],\"errors\":[]}\n").ToString();
    }

    async Task<VerifiedVault> Verify(SeasonVault vault, string history, string books, CancellationToken stop)
    {
        if (!File.Exists(Repository.Command))
            throw new SeasonException($"{Repository.Command} is not there: build the solution first (./run does it).");
        var start = new ProcessStartInfo(Repository.Command, ["verify", "--replay", history, "--books", books, "--node", season.Ground.Node.ToString(), "--json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new SeasonException($"{Repository.Command} can't be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return new(vault.Id, process.ExitCode == 0 && SaysVerified(await output), await output + await error);
    }

    static bool SaysVerified(string json)
    {
        try
        {
            return JsonDocument.Parse(json).RootElement.GetProperty("verified").GetBoolean();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException)
        {
            return false;
        }
    }
}
