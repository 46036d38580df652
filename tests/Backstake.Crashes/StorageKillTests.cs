using Backstake.Chain.Vault;
using Backstake.Season;
using Xunit.Abstractions;

namespace Backstake.Crashes;

/// <summary>
/// Storage goes back by seconds under an app that runs on: Azurite is killed (SIGKILL) and started again with what it had written, each service by itself.
/// The chain and Numerai have what was lost; the season ends with the books of the undisturbed one (FAULTS.md K-7).
/// </summary>
public sealed class StorageKillTests(ITestOutputHelper output)
{
    const int RandomKills = 30;
    const int KillsOfASeason = 10;
    const int RandomDelayMost = 700; // ms: most moments are over by then

    static readonly int First = CrashTests.Options.FromRound;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    static bool Deep => Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1";

    [SkippableFact]
    public async Task K_07_StorageThatForgetsItsLastWrites_EndsInTheSameBooks()
    {
        CrashTests.NeedContracts();
        Skip.IfNot(Deep, "Five kills and what is to be repaired after them take a minute and a half: BACKSTAKE_DEEP=1 plays them.");
        using var limit = new CancellationTokenSource(Limit);
        var stop = limit.Token;
        var calm = await CrashTests.Calm();
        await using var season = await Begin(stop);
        var play = season.Play;
        var kills = new StorageKills(play, output.WriteLine);
        var moments = Moments(play, stop);
        play.Disturb = async settleDown =>
        {
            if (moments.Count == 0 || moments.Peek() is var moment && moment.Time > play.Ground.Clock.GetUtcNow())
            {
                await settleDown();
                return;
            }

            moments.Dequeue();
            await play.Ground.Azurite.StartAgainAsync(stop); // what came before is written: what this moment brings is lost
            await kills.Kill(moment.Name, settleDown, moment.Now, stop);
        };
        await season.PlayOn(end => Assert.Equal(calm.Books, end.Books), stop);
        Assert.Empty(moments);
        Assert.True(kills.LostEvents >= kills.Kills / 2 && kills.LostNonces > 0, $"Of {kills.Kills} kills {kills.LostEvents} lost events, {kills.LostNonces} transactions: that is no test.");
        output.WriteLine($"{kills.Kills} kills, {kills.LostEvents} lost events, {kills.LostNonces} lost transactions.");
    }

    [SkippableFact]
    public async Task K_07_StorageKilledAtRandomMoments_EndsInTheSameBooks()
    {
        CrashTests.NeedContracts();
        Skip.IfNot(Deep, $"{RandomKills} kills at random moments take minutes: BACKSTAKE_DEEP=1 plays them.");
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BACKSTAKE_SEED"), out var given) ? given : 7;
        using var limit = new CancellationTokenSource(Limit);
        var calm = await CrashTests.Calm();
        var (killed, lost) = (0, 0);
        for (var random = new Random(seed); killed < RandomKills;)
        {
            await using var season = await Begin(limit.Token);
            var play = season.Play;
            var kills = new StorageKills(play, output.WriteLine);
            play.Disturb = async settleDown =>
            {
                if (kills.Kills == KillsOfASeason || random.Next(4) > 0)
                {
                    await settleDown();
                    return;
                }

                var wait = Task.Delay(random.Next(RandomDelayMost), limit.Token);
                await kills.Kill($"kill {killed + kills.Kills + 1}", settleDown, () => Task.FromResult(wait.IsCompleted), limit.Token);
            };
            await season.PlayOn(end => Assert.Equal(calm.Books, end.Books), limit.Token);
            (killed, lost) = (killed + kills.Kills, lost + kills.LostEvents);
        }

        Assert.True(lost >= killed / 2, $"Of {killed} kills {lost} lost events: that is no test.");
        output.WriteLine($"{killed} kills, {lost} lost events.");
    }

    /// <summary>Moments at which much happens, and how far each gets before storage is killed.</summary>
    static Queue<Moment> Moments(SeasonPlay play, CancellationToken stop)
    {
        var (ground, vault) = (play.Ground, play.Vaults[0]);
        var calendar = ground.Tournament.Calendar;
        var cut = new DateTimeOffset(calendar.Get(First).Open.Date.AddDays(-2 + 7).AddHours(18), TimeSpan.Zero); // of the second week, the one with rounds
        var model = ground.Tournament.FindModel(vault.Model)!;
        async Task<bool> OnChain<TEvent>(Func<TEvent, bool> wanted) => (await ground.Events<TEvent>([vault.Address], (ulong)ground.FactoryBlock, stop)).Any(wanted);
        async Task<bool> Settled() => (await StoredEnds.Read(ground.Azurite, stop)) is var ends && ends.Settled.GetValueOrDefault(vault.Id) == ends.Events.GetValueOrDefault(vault.Id);
        return new(
        [
            new(calendar.Get(First).Open, "submitted", () => Task.FromResult(ground.Tournament.Selected(model, First) is not null)),
            new(calendar.Get(First + 1).Open, "staked", () => OnChain<StakedEvent>(it => it.Round == First + 1)),
            new(cut, "settled", Settled),
            new(cut.AddDays(7), "proposed", () => OnChain<ProposedEvent>(it => it.Week == 3)),
            new(calendar.Get(First).Resolve, "collected", () => OnChain<CollectedEvent>(it => it.Round == First)),
        ]);
    }

    /// <summary>When storage is killed, and how far the app has got then.</summary>
    sealed record Moment(DateTimeOffset Time, string Name, Func<Task<bool>> Now);

    static async Task<CrashSeason> Begin(CancellationToken stop)
    {
        var season = new CrashSeason(CrashTests.Options with { StorageOnDisk = true });
        await season.Begin(null, stop);
        return season;
    }
}
