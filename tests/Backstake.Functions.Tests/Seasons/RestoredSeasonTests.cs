using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Sandbox.Submissions;
using Backstake.Season;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>
/// In the middle of a season every table is lost, with rounds staked and one missed. The history is made anew from the chain, the app takes it back, and the
/// season ends as one in which nothing was lost. Each command line of the runbook runs on the way, as the operator says it.
/// </summary>
[Collection(SeasonCollection.Name)]
public sealed class RestoredSeasonTests : IProgress<SeasonProgress>
{
    const int First = 843;
    const int Missed = 845;
    static readonly SeasonOptions Options = new() { Weeks = 1, FromRound = First, Vaults = 1, Backers = 3, Seed = 5, Exit = true };
    static readonly string[] Same =
    [
        "id", "model", "status", "staked", "result", "ownerShare", "paid", "stake", "cash", "house", "reserve", "units", "backers",
        "lastRound", "openRounds", "lastWeek", "lastAcceptedWeek", "booksDigest",
    ];

    readonly string folder = Directory.CreateTempSubdirectory("backstake-restore-test-").FullName;
    readonly List<string> done = [];
    SeasonPlay? season;
    bool loses;

    [SkippableFact]
    public async Task TablesLost_HistoryFromTheChain_EndsTheSame_ByTheRunbooksOwnLines()
    {
        SeasonCollection.NeedContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        var calm = await Play(loses: false, _ => Task.CompletedTask, limit.Token);
        var restored = await Play(loses: true, RunTheOtherLines, limit.Token);
        Assert.Equal(calm, restored);
        Assert.Equal(RunbookLines.All.Order(StringComparer.Ordinal), done.Distinct().Order(StringComparer.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    async Task<string> Play(bool loses, Func<SeasonPlay, Task> after, CancellationToken stop)
    {
        await using var play = season = new SeasonPlay(Options, this);
        this.loses = loses;
        await play.Begin(stop);
        await StoreMalformedFile(play, stop);
        await play.Play(stop);
        Assert.False(this.loses, "The tables were never lost.");
        var it = await play.App.Get($"api/vaults/{play.Vaults[0].Id}", stop);
        Assert.Equal(1, it.GetProperty("missed").EnumerateObject().Sum(cause => cause.Value.GetInt32()));
        Assert.All(await new Verification(play, Path.Combine(folder, $"verified-{loses}")).Run(stop), vault => Assert.True(vault.Verified, vault.Report));
        await after(play);
        play.Succeeded = true;
        return string.Join(' ', Same.Select(field => $"{field}={it.GetProperty(field).GetRawText()}"));
    }

    /// <summary>When the first week with rounds is accepted, and none of them has a result yet.</summary>
    void IProgress<SeasonProgress>.Report(SeasonProgress value)
    {
        var accepted = season!.Ground.Tournament.Calendar.Get(First).Open.Date.AddDays(-2 + 7).AddHours(18 + 40);
        if (!loses || value.Time.UtcDateTime < accepted)
            return;
        loses = false;
        Task.Run(() => LoseAndRestore(season)).GetAwaiter().GetResult();
    }

    async Task LoseAndRestore(SeasonPlay play)
    {
        var vault = play.Vaults[0].Id;
        var before = await play.App.Get($"api/vaults/{vault}", default);
        Assert.Equal((4, 2), (before.GetProperty("openRounds").GetInt32(), before.GetProperty("lastAcceptedWeek").GetInt32()));
        play.App.Kill();
        await LoseTables(play);
        while (!await play.App.Fire("WatchChain", default))
        {
            // It is started again by the first call.
        }

        while ((await play.App.Get("api/vaults", default)).GetProperty("vaults").EnumerateArray().All(it => it.GetProperty("status").GetString() != "halted"))
            await Task.Delay(20);

        await RunLine(play, Line("backstake rebuild"));
        await RefusesAnothersHistory(play, vault);
        var imported = await RunLine(play, Line("backstake ops import"));
        Assert.Contains($"booksDigest: {before.GetProperty("booksDigest").GetString()}", imported, StringComparison.Ordinal);
        var restored = await play.App.Get($"api/vaults/{vault}", default);
        Assert.Equal("open", restored.GetProperty("status").GetString());
        foreach (var field in new[] { "openRounds", "lastRound", "stake", "booksDigest", "units", "cash" })
            Assert.Equal(before.GetProperty(field).GetRawText(), restored.GetProperty(field).GetRawText());
        var again = await RunbookLines.Run(Line("backstake ops import"), folder, play.App.MasterKey, Values(play));
        Assert.Equal(1, again.Status);
        Assert.Contains("Nothing is imported over the log", again.Output, StringComparison.Ordinal);
    }

    /// <summary>A history with one amount changed, and one that ends too early: nothing is appended.</summary>
    async Task RefusesAnothersHistory(SeasonPlay play, string vault)
    {
        var history = await File.ReadAllTextAsync(Path.Combine(folder, "vault.json"));
        var lines = history.Split('\n').ToList();
        var deposit = lines.FindIndex(line => line.Contains("\"deposit\"", StringComparison.Ordinal));
        var settle = lines.FindLastIndex(line => line.Contains("\"settle\"", StringComparison.Ordinal));
        string[] wrong =
        [
            string.Join('\n', lines.Where((_, index) => index != deposit)),
            string.Join('\n', lines.Take(settle)).TrimEnd(',') + "\n]}\n",
        ];
        foreach (var text in wrong)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "wrong.json"), text);
            var refused = await RunbookLines.Run(Line("backstake ops import").Replace("vault.json", "wrong.json", StringComparison.Ordinal), folder, play.App.MasterKey, Values(play));
            Assert.Equal(1, refused.Status);
            Assert.Contains("Nothing was appended", refused.Output, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await play.App.Get($"api/vaults/{vault}", default)).GetProperty("events").GetInt32());
    }

    async Task RunTheOtherLines(SeasonPlay play)
    {
        var clients = Clients(play);
        await new Quarantine(clients, new VaultQueues(clients)).Keep(VaultQueues.Watch, "put-aside", $$"""{"Vault":"{{play.Vaults[0].Id}}"}""", "for the test", DateTimeOffset.UnixEpoch, default);
        foreach (var line in RunbookLines.All.Except(done).ToList())
            await RunLine(play, line);
    }

    async Task<string> RunLine(SeasonPlay play, string line)
    {
        var run = await RunbookLines.Run(line, folder, play.App.MasterKey, Values(play));
        Assert.True(run.Status == 0, $"{line}: {run.Output}");
        done.Add(line);
        return run.Output;
    }

    static string Line(string beginning) => RunbookLines.All.Single(line => line.StartsWith(beginning, StringComparison.Ordinal) && line.Contains("vault.json", StringComparison.Ordinal));

    static (string, string)[] Values(SeasonPlay play) =>
        [("APP", play.App.Address.ToString()), ("VAULT", play.Vaults[0].Id), ("NODE", play.Ground.Node.ToString()), ("ID", "put-aside"), ("OWNER", play.Vaults[0].Owner.Address)];

    static StorageClients Clients(SeasonPlay play) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", play.Ground.Azurite.ConnectionString)]).Build(), new Transports());

    static async Task LoseTables(SeasonPlay play)
    {
        foreach (var name in new[] { "vaultlog", "outbox", "vaults", "rounds", "flows", "quarantine" })
        {
            var table = Clients(play).Tables.GetTableClient(name);
            var rows = new List<TableEntity>();
            await foreach (var row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"]))
                rows.Add(row);
            foreach (var row in rows)
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        }
    }

    static async Task StoreMalformedFile(SeasonPlay play, CancellationToken stop)
    {
        var container = new BlobServiceClient(play.Ground.Azurite.ConnectionString).GetBlobContainerClient("predictions");
        await container.CreateIfNotExistsAsync(cancellationToken: stop);
        var name = $"{play.Vaults[0].Id}/{(int)TournamentKind.Classic}/{Missed}/99991231T000000000Z.csv"; // the last upload counts
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString("id,prediction\nn1\n"), overwrite: true, stop);
    }
}
