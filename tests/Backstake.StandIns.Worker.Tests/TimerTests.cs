using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>Timers: one host at a time, missed runs, what is kept in azure-webjobs-hosts.</summary>
public sealed class TimerTests(Storage storage) : IClassFixture<Storage>
{
    const string EverySecond = "* * * * * *";
    const string Daily = "0 0 0 * * *";

    [Fact]
    public async Task TwoHosts_RunATimerOnce_AndTheOtherTakesOverAtTheEndOfTheFirst()
    {
        await using var first = await App.Start(storage, ("TickSchedule", EverySecond), ("AzureFunctionsWebHost__hostid", "two-hosts"));
        await first.Journal("Tick", 1);
        await using var second = await App.Start(storage, ("TickSchedule", EverySecond), ("AzureFunctionsWebHost__hostid", "two-hosts"));
        await first.Journal("Tick", 4);
        Assert.Empty(second.Journal("Tick"));

        Assert.Equal(0, await first.Stop());
        var taken = await second.Journal("Tick", 2);

        Assert.All(taken, run => Assert.False(run.GetProperty("pastDue").GetBoolean()));
        var seconds = first.Journal("Tick").Concat(taken).Select(run => run.GetProperty("at").GetDateTime().AddMilliseconds(50).ToString("HH:mm:ss")).ToArray();
        Assert.Equal(seconds.Distinct(StringComparer.Ordinal), seconds);
    }

    [Fact]
    public async Task MissedRuns_AreMadeUpOnce_WithIsPastDue()
    {
        var yesterday = DateTime.UtcNow.Date.AddDays(-1);
        await Keep("missed", last: yesterday.AddDays(-3), next: yesterday.AddDays(-2));

        await using (var late = await App.Start(storage, ("SweepSchedule", Daily), ("AzureFunctionsWebHost__hostid", "missed")))
        {
            var run = (await late.Journal("Sweep", 1))[0];
            Assert.True(run.GetProperty("pastDue").GetBoolean());
            Assert.Equal(yesterday.AddDays(-2), run.GetProperty("next").GetDateTime());
            await late.Until("the status", async () => (await Kept("missed"))!.Value.GetProperty("Next").GetDateTime() > DateTime.UtcNow);
            Assert.Equal(0, await late.Stop());
            Assert.Single(late.Journal("Sweep"));
        }

        await using var again = await App.Start(storage, ("SweepSchedule", Daily), ("AzureFunctionsWebHost__hostid", "missed"), ("TickSchedule", EverySecond));
        await again.Journal("Tick", 2);
        Assert.Empty(again.Journal("Sweep"));
    }

    [Fact]
    public async Task ChangedSchedule_CountsAnew_AndMakesNothingUp()
    {
        var today = DateTime.UtcNow.Date;
        await Keep("changed", last: today.AddDays(-3), next: today.AddDays(-3).AddHours(1));

        await using var app = await App.Start(storage, ("SweepSchedule", Daily), ("AzureFunctionsWebHost__hostid", "changed"));

        await app.Until("the new status", async () => (await Kept("changed"))!.Value.GetProperty("Next").GetDateTime() == today.AddDays(1));
        Assert.Empty(app.Journal("Sweep"));
    }

    [Fact]
    public async Task FirstStart_RunsNothing_KeepsTheStatusAndHoldsTheLock()
    {
        await using var app = await App.Start(storage, ("SweepSchedule", Daily), ("AzureFunctionsWebHost__hostid", "fresh"));

        await app.Until("the status", async () => await Kept("fresh") is not null);
        var kept = (await Kept("fresh"))!.Value;
        Assert.Equal(default, kept.GetProperty("Last").GetDateTime());
        Assert.Equal(DateTime.UtcNow.Date.AddDays(1), kept.GetProperty("Next").GetDateTime());
        Assert.Empty(app.Journal("Sweep"));
        var held = await storage.HostBlobs.GetBlobClient("locks/fresh/Host.Functions.Sweep.Listener").GetPropertiesAsync();
        Assert.Equal(LeaseState.Leased, held.Value.LeaseState);

        await app.Stop();
        var freed = await storage.HostBlobs.GetBlobClient("locks/fresh/Host.Functions.Sweep.Listener").GetPropertiesAsync();
        Assert.Equal(LeaseState.Available, freed.Value.LeaseState);
    }

    [Fact]
    public async Task ScheduleUnderAMinute_IsNotMonitored_AndRunOnStartupRuns()
    {
        await using var app = await App.Start(storage, ("TickSchedule", EverySecond), ("AzureFunctionsWebHost__hostid", "often"));

        Assert.Equal(JsonValueKind.Null, (await app.Journal("Tick", 1))[0].GetProperty("next").ValueKind);
        Assert.Single(await app.Journal("AtStart", 1));
        Assert.False(await storage.HostBlobs.GetBlobClient("timers/often/Host.Functions.Tick/status").ExistsAsync());
    }

    // As the real host writes it: Newtonsoft.Json, local time with its offset.
    Task Keep(string hostId, DateTime last, DateTime next) => KeepText(hostId, $$"""{"Last":"{{last:yyyy-MM-ddTHH:mm:ss}}+00:00","Next":"{{next:yyyy-MM-ddTHH:mm:ss}}+00:00","LastUpdated":"{{last:yyyy-MM-ddTHH:mm:ss}}+00:00"}""");

    async Task KeepText(string hostId, string json)
    {
        await storage.HostBlobs.CreateIfNotExistsAsync();
        await storage.HostBlobs.GetBlobClient($"timers/{hostId}/Host.Functions.Sweep/status").UploadAsync(BinaryData.FromString(json), overwrite: true);
    }

    async Task<JsonElement?> Kept(string hostId)
    {
        var blob = storage.HostBlobs.GetBlobClient($"timers/{hostId}/Host.Functions.Sweep/status");
        return await storage.HostBlobs.ExistsAsync() && await blob.ExistsAsync() ? JsonDocument.Parse((await blob.DownloadContentAsync()).Value.Content).RootElement : null;
    }
}
