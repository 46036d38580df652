using System.Text.Json;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Crashes;

/// <summary>How a season ended: what must be the same, however often the app died.</summary>
/// <param name="Vaults">Each vault's amounts and books, as the app publishes them at the end.</param>
/// <param name="Books">The same without what is known from the log alone, and lost with it: whose submissions were whose, and why a round was missed.</param>
/// <param name="Starts">How often the app was started.</param>
/// <param name="LongestRepair">Passes of the timers that it took at most, after a death, until nothing was left to do.</param>
public sealed record SeasonEnd(IReadOnlyList<string> Vaults, IReadOnlyList<string> Books, int Starts, int LongestRepair);

/// <summary>A short season whose app calls everything outside through proxies, and dies where the plan says.</summary>
public sealed class CrashSeason : IProgress<SeasonProgress>, IAsyncDisposable
{
    // Of what the app publishes, the fields that a crash may not change; the log may hold one failed attempt more.
    static readonly string[] Same =
    [
        "id", "model", "status", "submitted", "missed", "staked", "result", "ownerShare", "paid", "claims", "stake", "cash", "house", "reserve", "units", "backers",
        "lastRound", "openRounds", "lastWeek", "lastAcceptedWeek", "booksDigest",
    ];

    static readonly string[] SameBooks = [.. Same.Except(["submitted", "missed"])];

    readonly List<CallProxy> proxies = [];
    readonly SeasonOptions options;
    readonly SeasonPlay play;

    public CrashSeason(SeasonOptions options) => (this.options, play) = (options, new SeasonPlay(options, this));

    public SeasonPlay Play => play;

    /// <summary>Kills the app's process, SIGKILL; false if it was dead already. The season starts it again.</summary>
    /// <param name="at">Where it dies, for the app's log.</param>
    public bool Kill(string at) => play.App.Kill($"{play.Ground.Clock.GetUtcNow():u} killed {at}");

    /// <param name="plan">Sees every call of the app's to the outside; null: nothing stands between them.</param>
    public async Task Begin(ICrashPlan? plan, CancellationToken stop)
    {
        if (plan is not null)
            play.Rewire = settings => Rewire(settings, plan);
        await play.Begin(stop);
    }

    /// <summary>Plays to the end, verifies every history with the command, and says how it ended. Where that isn't as it should be, the app's log and the histories are kept.</summary>
    /// <param name="check">What must be true of the end.</param>
    public async Task<SeasonEnd> PlayOn(Action<SeasonEnd> check, CancellationToken stop)
    {
        await play.Play(stop);
        var histories = Path.Combine(Path.GetDirectoryName(play.LogFile)!, "histories");
        Assert.All(await new Verification(play, histories).Run(stop), vault => Assert.True(vault.Verified, vault.Report));
        Assert.True(await Effects.Check(play, options.StorageOnDisk, stop) > 0);
        Assert.True(await OutboxOnChain.Check(play, stop) > 0);
        var vaults = new List<JsonElement>();
        foreach (var vault in play.Vaults)
            vaults.Add(await play.App.Get($"api/vaults/{vault.Id}", stop));
        List<string> Told(string[] fields) => [.. vaults.Select(it => string.Join(' ', fields.Select(field => $"{field}={it.GetProperty(field).GetRawText()}")))];
        await File.WriteAllLinesAsync(Path.Combine(Path.GetDirectoryName(play.LogFile)!, "rows.txt"), await StoredRows.Told(play.Ground.Azurite, stop), stop);
        var end = new SeasonEnd(Told(Same), Told(SameBooks), play.App.Starts, play.LongestRepair);
        check(end);
        play.Succeeded = true;
        return end;
    }

    public async ValueTask DisposeAsync()
    {
        await play.DisposeAsync();
        foreach (var proxy in proxies)
            await proxy.DisposeAsync();
    }

    void IProgress<SeasonProgress>.Report(SeasonProgress value)
    {
    }

    async Task<IReadOnlyDictionary<string, string>> Rewire(IReadOnlyDictionary<string, string> settings, ICrashPlan plan)
    {
        async Task<Uri> Through(Outside service, Uri target)
        {
            var proxy = await CallProxy.Start(service, target, FreePort.Next(), plan);
            proxies.Add(proxy);
            return new Uri(proxy.Address, target.AbsolutePath);
        }

        var azurite = play.Ground.Azurite;
        var storage = $"DefaultEndpointsProtocol=http;AccountName={Azurite.AccountName};AccountKey={Azurite.AccountKey};"
            + $"BlobEndpoint={await Through(Outside.Blob, azurite.BlobEndpoint)};QueueEndpoint={await Through(Outside.Queue, azurite.QueueEndpoint)};"
            + $"TableEndpoint={await Through(Outside.Table, azurite.TableEndpoint)};";
        return new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Ethereum__RpcUrl"] = (await Through(Outside.Chain, play.Ground.Node)).ToString(),
            ["Numerai__Endpoint"] = (await Through(Outside.Numerai, play.Ground.Tournament.Address)).ToString(),
        };
    }
}
