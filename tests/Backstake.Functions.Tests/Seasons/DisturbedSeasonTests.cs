using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Backstake.Chain.Nmr;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Http;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Backstake.Season;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>
/// One week in which much goes wrong: Numerai is down while a round is open, a delegate's file is malformed in the next, uploads fail in a third, every
/// webhook comes twice, and a stranger sends NMR and another token straight to the vaults. What must come of it (FAULTS.md A-4, E-1, E-2, F-11): missed
/// rounds with their causes, and otherwise the season of every day, on stakers that have accounts at Numerai.
/// </summary>
[Collection(SeasonCollection.Name)]
public sealed class DisturbedSeasonTests : IProgress<SeasonProgress>
{
    const int First = 843;
    const int Down = 844;      // Wednesday's round: Numerai says nothing at all
    const int Malformed = 845; // Thursday's
    const int NoUpload = 846;  // Friday's: Numerai can be asked, but takes no file
    static readonly SeasonOptions Options = new() { Weeks = 1, FromRound = First, Vaults = 2, Backers = 3, Exit = true, OnAccounts = true };
    static readonly TimeSpan LastLook = TimeSpan.FromMinutes(5); // the season's last moment of a round

    readonly Queue<(int After, Fault? Begins)> faults = new(
    [
        (First, new Fault(FaultKind.BadGatewayHtml)), (Down, null), (Malformed, new Fault(FaultKind.OkHtml, Field: "submissionUploadAuth")), (NoUpload, null),
    ]);

    SeasonPlay? season;

    [SkippableFact]
    public async Task DisturbedSeason_MissesWhatItMust_AndIsVerified()
    {
        SeasonCollection.NeedContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var stop = limit.Token;
        await using var play = season = new SeasonPlay(Options, this);
        await play.Begin(stop);
        play.Ground.Tournament.Webhooks.Mode = WebhookMode.Twice;
        await StoreMalformedFile(play, play.Vaults[0], stop);
        await SendMoneyNobodyAskedFor(play, stop);

        await play.Play(stop);

        Assert.Empty(faults);
        using var http = play.App.Client();
        await AssertMissed(http, play.Vaults[0], submitted: 2, ("invalidPredictions", 1), ("numeraiUnreadable", 1), ("roundNotSeen", 1));
        await AssertMissed(http, play.Vaults[1], submitted: 3, ("numeraiUnreadable", 1), ("roundNotSeen", 1));
        await AssertOneEffectEach(play);
        await AssertOwnersChanges(play);
        await AssertProblems(http, play.Vaults[0].Id);
        var folder = Directory.CreateTempSubdirectory("backstake-season-test-").FullName;
        Assert.All(await new Verification(play, folder).Run(stop), vault => Assert.True(vault.Verified, vault.Report));
        foreach (var vault in play.Vaults)
            await AssertRebuilt(play, vault, stop);
        foreach (var history in Directory.GetFiles(folder))
            Assert.DoesNotContain(play.Ground.Wallet("stranger").Address, await File.ReadAllTextAsync(history, stop), StringComparison.OrdinalIgnoreCase);
        Directory.Delete(folder, recursive: true);
        play.Succeeded = true;
    }

    /// <summary>A fault begins between two rounds, and ends after the last moment of a round.</summary>
    void IProgress<SeasonProgress>.Report(SeasonProgress value)
    {
        var tournament = season!.Ground.Tournament;
        while (faults.TryPeek(out var next) && value.Time >= tournament.Calendar.Get(next.After).CloseStaking - LastLook)
        {
            tournament.Faults.Clear();
            if (faults.Dequeue().Begins is { } fault)
                tournament.Faults.Add(fault);
        }
    }

    static async Task StoreMalformedFile(SeasonPlay play, SeasonVault vault, CancellationToken stop)
    {
        var container = new BlobServiceClient(play.Ground.Azurite.ConnectionString).GetBlobContainerClient("predictions");
        await container.CreateIfNotExistsAsync(cancellationToken: stop);
        var name = $"{vault.Id}/{(int)TournamentKind.Classic}/{Malformed}/99991231T000000000Z.csv"; // the last upload counts
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString("id,prediction\nn1\nn2,0.5,3\n"), overwrite: true, stop);
    }

    /// <summary>Nothing but the chain: the missed rounds, which it doesn't name, follow from the roots that it accepted.</summary>
    static async Task AssertRebuilt(SeasonPlay play, SeasonVault vault, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Repository.Command, ["rebuild", "--vault", vault.Address, "--node", play.Ground.Node.ToString(), "--json"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, await output + await error);
        var report = JsonDocument.Parse(await output).RootElement;
        var summary = await play.App.Get($"api/vaults/{vault.Id}", stop);
        Assert.Equal(summary.GetProperty("missed").EnumerateObject().Sum(cause => cause.Value.GetInt32()), report.GetProperty("missed").GetArrayLength());
        Assert.Equal(summary.GetProperty("lastAcceptedWeek").GetInt32(), report.GetProperty("weeks").EnumerateArray().Count(week => week.GetProperty("accepted").GetBoolean()));
    }

    static async Task SendMoneyNobodyAskedFor(SeasonPlay play, CancellationToken stop)
    {
        var stranger = play.Ground.Wallet("stranger");
        await stranger.Fund(play.Ground.Nmr, SeasonTerms.Wei(50), stop);
        using var artifact = JsonDocument.Parse(await File.ReadAllBytesAsync(Repository.Artifact("SandboxNmr"), stop));
        var token = (await stranger.Deploy(artifact.RootElement.GetProperty("bytecode").GetProperty("object").GetString()!, stop)).ContractAddress;
        await stranger.Fund(token, SeasonTerms.Wei(50), stop);
        foreach (var vault in play.Vaults)
        {
            await stranger.Send(play.Ground.Nmr, new NmrTransferFunction { To = vault.Address, Value = SeasonTerms.Wei(7) }, stop);
            await stranger.Send(token, new NmrTransferFunction { To = vault.Address, Value = SeasonTerms.Wei(7) }, stop);
        }
    }

    static async Task AssertMissed(HttpClient http, SeasonVault vault, int submitted, params (string Cause, int Rounds)[] missed)
    {
        var it = await http.GetFromJsonAsync<JsonElement>($"api/vaults/{vault.Id}"); // the list may be two seconds old
        Assert.Equal(missed, it.GetProperty("missed").EnumerateObject().Select(cause => (cause.Name, cause.Value.GetInt32())));
        Assert.Equal(submitted, it.GetProperty("submitted").GetInt32());
        Assert.Equal((First + 4, 0, "open"), (it.GetProperty("lastRound").GetInt32(), it.GetProperty("openRounds").GetInt32(), it.GetProperty("status").GetString()));
    }

    /// <summary>Each round is in the log once, and each submitted file is at Numerai once, although every webhook came twice and the timer asked too.</summary>
    static async Task AssertOneEffectEach(SeasonPlay play)
    {
        Assert.NotEmpty(play.Ground.Tournament.Webhooks.Calls);
        Assert.All(play.Ground.Tournament.Webhooks.Calls, call => Assert.Equal(200, call.Status));
        foreach (var vault in play.Vaults)
        {
            var events = (await Log(play, vault)).Select(entry => entry.Event).ToList();
            Assert.Equal(Enumerable.Range(First, 5), events.OfType<RoundOpened>().Select(opened => opened.Round));
            var submitted = events.OfType<PredictionsSubmitted>().Select(it => it.Round).ToList();
            Assert.Equal(submitted, submitted.Distinct());
            var model = play.Ground.Tournament.FindModel(vault.Model)!;
            Assert.Equal(submitted, play.Ground.Tournament.SubmissionsOf(model).Select(it => it.Round.Number).Order());
            if (vault.Index == 0)
                Assert.Contains(events.OfType<AttemptFailed>(), failed => failed.Subject == Malformed && failed.Cause == Cause.InvalidPredictions
                    && failed.Detail.StartsWith("Line 2: The line has 1 values instead of 2. Line 3: The line has 3 values instead of 2.", StringComparison.Ordinal));
        }
    }

    /// <summary>The first vault was settled at its moved cuts; the last adopted another staker, and its open rounds came home through the old one.</summary>
    static async Task AssertOwnersChanges(SeasonPlay play)
    {
        var moved = await Log(play, play.Vaults[0]);
        Assert.Equal(new CutMoved(Backstake.Season.Owners.MovedFromWeek, (int)Backstake.Season.Owners.Shift.TotalSeconds), Assert.Single(moved.Select(entry => entry.Event).OfType<CutMoved>()));
        var cuts = moved.Where(entry => entry.Event is VaultSettled).ToDictionary(entry => ((VaultSettled)entry.Event).Week, entry => entry.At);
        Assert.Equal(TimeSpan.FromDays(7), cuts[3] - cuts[2]);
        Assert.Equal(TimeSpan.FromDays(7) + Backstake.Season.Owners.Shift, cuts[4] - cuts[3]);
        Assert.Equal(TimeSpan.FromDays(7), cuts[5] - cuts[4]);
        var changed = await Log(play, play.Vaults[^1]);
        var adopted = changed.FindIndex(entry => entry.Event is StakerAdopted);
        var (staker, next) = (((VaultAdded)changed[0].Event).Staker, ((StakerAdopted)changed[adopted].Event).Staker);
        Assert.NotEqual(staker, next);
        var chain = await play.Ground.Latest(play.Vaults[^1].Id, default);
        Assert.NotEqual(staker, await chain.NumeraiStaker(staker, default)); // its account
        Assert.Equal(next, await chain.NumeraiStaker(next, default)); // itself
        Assert.Contains(changed.Skip(adopted), entry => entry is { Event: Booked { Event: Accounting.Resolve { Payout.IsZero: false } } });
    }

    static async Task<List<LogEntry>> Log(SeasonPlay play, SeasonVault vault)
    {
        var log = new LogTable(new StorageClients(
            new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", play.Ground.Azurite.ConnectionString)]).Build(), new Transports()));
        var entries = new List<LogEntry>();
        await foreach (var entry in log.Read(vault.Id, 0, LogEntry.Genesis, default))
            entries.Add(entry);
        return entries;
    }

    static async Task AssertProblems(HttpClient http, string vault)
    {
        await Refused("api/vaults/0x0000000000000000000000000000000000000001", "unknownVault");
        await Refused("api/vaults/anything", "unknownVault");
        await Refused("api/vaults/anything/log", "unknownVault");
        await Refused("api/vaults/anything/weeks/1", "unknownVault");
        await Refused($"api/vaults/{vault}/weeks/0", "unknownWeek");
        await Refused($"api/vaults/{vault}/weeks/99", "unknownWeek");
        foreach (var path in new[] { $"api/webhooks/{vault}/{new string('0', 64)}", $"api/webhooks/{vault}/x" })
        {
            using var answer = await http.PostAsJsonAsync(path, new { triggerId = Guid.NewGuid() });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        // What no route takes, the host answers without the app.
        using var host = new HttpClient { BaseAddress = http.BaseAddress };
        using var nothing = await host.GetAsync(new Uri($"api/vaults/{vault}/weeks/one", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        async Task Refused(string path, string code)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((code, 404), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
            Assert.NotEqual("", problem.GetProperty("detail").GetString());
        }
    }
}
