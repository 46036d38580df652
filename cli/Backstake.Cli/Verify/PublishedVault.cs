using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Verify;

/// <summary>What is published of a vault, to be put to the test.</summary>
/// <param name="Name">Where the history is from, as it is said in an error.</param>
/// <param name="Books">The published weeks and refused events (ACCOUNTING.md 6).</param>
/// <param name="Log">What the log's entries say beside them; null: only files are there.</param>
internal sealed record PublishedVault(string Name, ReplayFile History, JsonNode Books, PublishedLog? Log)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="MalformedHistoryException">A file is malformed.</exception>
    public static async Task<PublishedVault> FromFiles(FileInfo replay, FileInfo books, Steps steps, CancellationToken stop)
    {
        using var step = steps.Begin("Reading the files");
        var history = ReadHistory(replay.ToString(), await File.ReadAllBytesAsync(replay.FullName, stop));
        if (Parse(await File.ReadAllBytesAsync(books.FullName, stop)) is not JsonObject published || published["weeks"] is not JsonArray || published["errors"] is not JsonArray)
            throw new MalformedHistoryException($"{books}: not a JSON object with weeks and errors");
        return new(replay.ToString(), history, published, null);
    }

    /// <summary>The history first: the weeks that it settles are published, whatever is settled meanwhile; and the log has all of it, perhaps more.</summary>
    /// <exception cref="IOException">Something can't be had.</exception>
    /// <exception cref="MalformedHistoryException">Something is malformed.</exception>
    public static async Task<PublishedVault> FromApp(Uri app, string vault, Steps steps, CancellationToken stop)
    {
        var (_, history, weeks) = await Download(app, vault, steps, stop);
        var published = new JsonArray([.. weeks.Select((week, i) => Parse(week) ?? throw new MalformedHistoryException($"{AppAddress.Of(app, $"vaults/{vault}/weeks/{i + 1}")}: no JSON"))]);
        var log = await PublishedLog.Read(AppAddress.Of(app, $"vaults/{vault}/log?after=0"), history, [.. weeks.Select(week => Convert.ToHexStringLower(SHA256.HashData(week)))], steps, stop);
        // The chain refuses what the books refuse, so there are no errors to list.
        return new(AppAddress.Of(app, $"vaults/{vault}").ToString(), history, new JsonObject { ["weeks"] = published, ["errors"] = new JsonArray() }, log);
    }

    /// <summary>A vault's history and each week that it settles, as the app sends them.</summary>
    public static async Task<(byte[] Bytes, ReplayFile History, IReadOnlyList<byte[]> Weeks)> Download(Uri app, string vault, Steps steps, CancellationToken stop)
    {
        var log = AppAddress.Of(app, $"vaults/{vault}/log");
        byte[] bytes;
        using (var step = steps.Begin("Downloading the history"))
            bytes = await Cli.Download.Bytes(log, stop, (came, all) => step.Reach(came, all));
        var history = ReadHistory(log.ToString(), bytes);
        var settled = history.Events.Count(one => one is Settle);
        var weeks = new List<byte[]>();
        using var published = steps.Begin("Downloading the published weeks", settled);
        for (var week = 1; week <= settled; week++)
        {
            weeks.Add(await Cli.Download.Bytes(AppAddress.Of(app, $"vaults/{vault}/weeks/{week}"), stop));
            published.Reach(week);
        }

        return (bytes, history, weeks);
    }

    private static ReplayFile ReadHistory(string name, byte[] utf8)
    {
        var read = ReplayFile.Read(utf8);
        return read.IsMalformed(out var malformed) ? throw new MalformedHistoryException($"{name}: {malformed}") : read.Value;
    }

    private static JsonNode? Parse(byte[] utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
