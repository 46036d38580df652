using System.Diagnostics;
using Azure.Storage.Queues;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Backstake.Functions.Numerai;
using Backstake.Sandbox.Scores;
using Backstake.Season;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Benchmarks;

/// <summary>
/// A round opens for many vaults at once: the real time from its opening to the last stake in a block, with app, Azurite, anvil and the tournament on one machine. Numerai takes
/// so many calls a minute from one address, so virtual time moves on whenever the app has done what it may: its minutes are told beside.
/// </summary>
internal static class RoundBenchmark
{
    private const int Round = MadeScores.FirstRound;
    private const double SecondsMost = 60;
    private const double GrowthMost = 1.5;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(61); // Numerai counts by the minute, both ends within
    private static readonly IReadOnlyList<string> Sweep = ["Sweep"]; // as deployed, half a minute after the others; each minute, since what was sent for later in virtual time doesn't come by itself
    private static readonly IReadOnlyList<string> Minutely = [.. AppProcess.Timers.Except(Sweep)];

    public static async Task<Figures> Run(IReadOnlyList<int> sizes)
    {
        var figures = new Figures("round");
        foreach (var vaults in sizes)
        {
            var played = await Play(vaults);
            figures[$"seconds_{vaults}"] = played.Real.TotalSeconds;
            figures[$"ms_per_vault_{vaults}"] = played.Real.TotalMilliseconds / vaults;
            figures[$"virtual_minutes_{vaults}"] = played.Virtual.TotalMinutes;
            figures[$"staked_{vaults}"] = played.Staked;
            foreach (var message in new[] { "SubmitRound", "WatchVault" })
                figures[$"{message}_per_vault_{vaults}"] = (double)played.Begun.GetValueOrDefault(message) / vaults;
            foreach (var query in new[] { "model", "submissionUploadAuth", "submissionDownloadAuth", "v3StakeAuth" })
                figures[$"{query}_per_vault_{vaults}"] = (double)played.Calls.GetValueOrDefault(query, []).Count / vaults;
            figures.Reach($"all {vaults} vaults staked before the deadline", played.Staked == vaults);
            figures.Reach($"no limit of Numerai's was passed for {vaults} vaults", NumeraiCalls.Most.All(limit => MostInAMinute(played.Calls.GetValueOrDefault(limit.Key, [])) <= limit.Value));
        }

        var (least, most) = (sizes[0], sizes[^1]);
        figures["growth_per_vault"] = figures[$"ms_per_vault_{most}"] / figures[$"ms_per_vault_{least}"];
        figures.Reach($"from opening to staked for {most} vaults in at most {SecondsMost} s", figures[$"seconds_{most}"] <= SecondsMost);
        figures.Reach($"a vault takes at most {GrowthMost} times as long among {most} as among {least}", figures["growth_per_vault"] <= GrowthMost);
        return figures;
    }

    /// <param name="Begun">How often each of the app's functions began.</param>
    /// <param name="Calls">When Numerai was asked, by query.</param>
    private sealed record Played(TimeSpan Real, TimeSpan Virtual, int Staked, IReadOnlyDictionary<string, int> Begun, IReadOnlyDictionary<string, List<DateTimeOffset>> Calls);

    /// <summary>In any minute, both ends within.</summary>
    private static int MostInAMinute(List<DateTimeOffset> calls)
    {
        var most = 0;
        for (int first = 0, last = 0; last < calls.Count; last++)
        {
            while (calls[last] - calls[first] > TimeSpan.FromMinutes(1))
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private static async Task<Played> Play(int vaults)
    {
        var scores = Directory.CreateTempSubdirectory("backstake-scores-").FullName;
        try
        {
            MadeScores.Make(1, vaults + vaults / 5 + 10, Round, Round + 4).Write(scores); // some models have no score in one of the rounds
            var options = new SeasonOptions { Weeks = 1, FromRound = Round, Vaults = vaults, Backers = (vaults + 1) / 2, Scores = scores, AtOnce = 16, StorageOnDisk = true, StorageApart = true };
            await using var play = new SeasonPlay(options, new Progress<SeasonProgress>());
            play.Rewire = async settings =>
            {
                await Find(play.Ground, settings);
                return new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:01" }; // of nine queues
            };
            await play.Begin(default);
            var queues = new QueueServiceClient(play.Ground.Azurite.ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
            var conductor = new Conductor(play.Ground, play.App, queues, TimeSpan.FromMilliseconds(20)); // nobody kills the app: what is hidden was sent for later
            var round = play.Ground.Tournament.Calendar.Get(Round);
            var cut = new DateTimeOffset(round.Open.UtcDateTime.Date.AddDays(-2).AddHours(18), TimeSpan.Zero);
            await At(cut.AddDays(-4));
            await play.Backers.Begin(default);
            await conductor.SettleDown(default);
            await At(cut);
            await At(cut + SeasonPlay.Window + TimeSpan.FromMinutes(1));
            await play.Deliver(Round, default);
            await At(round.Open - TimeSpan.FromMinutes(10)); // each settlement is accepted, and each vault was looked at: what the round meets is a fleet at rest

            var calls = new Dictionary<string, List<DateTimeOffset>>(StringComparer.Ordinal);
            play.Ground.Tournament.Asked = query =>
            {
                lock (calls)
                    (calls.TryGetValue(query, out var times) ? times : calls[query] = []).Add(play.Ground.Clock.GetUtcNow());
            };
            var begun = await Begun();
            var (vaultsOnChain, seen) = (play.Vaults.Select(vault => vault.Address).ToList(), await play.Ground.Height(default));
            var watch = Stopwatch.StartNew();
            await Move(round.Open);
            await play.Ground.Tournament.StepAsync();
            play.Ground.MinesAtOnce = false; // once a step from now on: a block of its own for each transaction, as in a season, is nobody's case, and each would move the clock
            var staked = 0;
            while (staked < vaults && play.Ground.Clock.GetUtcNow() + Step < round.CloseStaking)
            {
                await conductor.Pass(Minutely, default);
                await conductor.Pass(Sweep, default);
                await Move(play.Ground.Clock.GetUtcNow() + Step);
                var height = await play.Ground.Height(default);
                staked += (await play.Ground.Events<StakedEvent>(vaultsOnChain, seen + 1, default)).Count(it => it.Round == Round);
                seen = height;
            }

            play.Succeeded = staked == vaults;
            var ended = await Begun();
            return new(watch.Elapsed, play.Ground.Clock.GetUtcNow() - round.Open, staked, ended.ToDictionary(run => run.Key, run => run.Value - begun.GetValueOrDefault(run.Key), StringComparer.Ordinal), calls);

            async Task<Dictionary<string, int>> Begun() => (await play.App.Get("api/health", default)).GetProperty("functions").EnumerateObject()
                .ToDictionary(run => run.Name, run => run.Value.GetProperty("started").GetInt32(), StringComparer.Ordinal);

            async Task Move(DateTimeOffset time)
            {
                play.Ground.Clock.MoveTo(time);
                await play.Ground.MineNow(default);
            }

            async Task At(DateTimeOffset time)
            {
                await Move(time);
                await conductor.SettleDown(default);
            }
        }
        finally
        {
            Directory.Delete(scores, recursive: true);
        }
    }

    /// <summary>The app's own code finds the vaults before the app starts, as if they had been made one by one: all at once it would name but 25 of them a minute.</summary>
    private static async Task Find(Ground ground, IReadOnlyDictionary<string, string> settings)
    {
        await ground.MineNow(default);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(it => new KeyValuePair<string, string?>(it.Key.Replace("__", ":", StringComparison.Ordinal), it.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddBackstake(configuration);
        services.AddSingleton(new Transports());
        services.AddSingleton<TimeProvider>(ground.Clock);
        services.AddSingleton(new NumeraiCalls(new Rushing()));
        await using var app = services.BuildServiceProvider();
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await app.GetRequiredService<FactoryWatcher>().Watch(default);
    }

    /// <summary>Each look is an hour later.</summary>
    private sealed class Rushing : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now = _now.AddHours(1);
    }
}
