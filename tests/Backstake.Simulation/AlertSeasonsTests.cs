using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Functions.Hosting.Measures;
using Backstake.Simulation.Engine;
using Backstake.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// Whom the alerts of infra/app/alerts.json would wake: nobody in a season in which nothing goes wrong, and somebody in those in which it does. Azure's query
/// language isn't here; what the rules ask is asked of the same measures.
/// </summary>
public sealed class AlertSeasonsTests(ITestOutputHelper output)
{
    const int Weeks = 6;
    const int LiesMost = 100;

    /// <summary>The season's timers run often around deadlines and cuts, and once a day otherwise: only where they ran shortly before is anything late.</summary>
    static readonly TimeSpan AtWork = TimeSpan.FromMinutes(16);

    static readonly IReadOnlyList<JsonElement> Alerts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "infra", "app", "alerts.json"))).RootElement.EnumerateArray().ToList();

    /// <summary>But for rounds that the delegate brought no file for: those were missed, and it says so.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void CalmSeason_WakesNobody_WithoutACause(int seed)
    {
        var (taken, run) = Measured(seed, Severity.None, null);
        Assert.Null(run.Failure);
        Assert.Equal(Known.Order(StringComparer.Ordinal), taken.Select(it => it.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(run.End!.Tally.Missed > 0 ? ["round-missed"] : [], Fired(taken));
    }

    /// <summary>A node that answers everything but what it is asked of logs, from the third week on: nothing is seen any more.</summary>
    [Fact]
    public void NodeWithoutLogs_WakesForEverythingThatWaitsForIt()
    {
        var asked = 0;
        var (taken, _) = Measured(1, Severity.None, play => play with
        {
            Chain = (call, node) => call.Name == "eth_getLogs" && ++asked > 150 ? new Answer(503, [], "") : node(call),
        });
        Assert.True(asked > 150);
        Assert.Subset(Fired(taken).ToHashSet(StringComparer.Ordinal), new HashSet<string>(["watcher-lags", "week-not-settled"], StringComparer.Ordinal));
    }

    /// <summary>A node that takes no transaction any more: nothing is committed, staked, proposed or accepted.</summary>
    [Fact]
    public void NodeThatTakesNoTransactions_WakesForTheSettlement()
    {
        var asked = 0;
        var (taken, _) = Measured(1, Severity.None, play => play with
        {
            Chain = (call, node) => call.Name == "eth_sendRawTransaction" && ++asked > 10 ? new Answer(503, [], "") : node(call),
        });
        Assert.True(asked > 10);
        Assert.Subset(Fired(taken).ToHashSet(StringComparer.Ordinal), new HashSet<string>(["settlement-not-accepted"], StringComparer.Ordinal));
    }

    /// <summary>Numerai's word of what a round paid is a wei more than the chain's, for the first claims: none is booked, somebody is woken, and once both say the same all of it is.</summary>
    [Fact]
    public void E_13_ClaimThatTheChainRefuses_IsNotBooked_AndWakes()
    {
        var (lied, asked) = (0, 0);
        var (taken, run) = Measured(5, Severity.None, play => play with
        {
            Numerai = (call, numerai) =>
            {
                var answer = numerai(call);
                if (call.Name != "v3StakeClaim" || !Encoding.UTF8.GetString(answer.Body).Contains("payoutAmountWei", StringComparison.Ordinal) || ++asked > LiesMost)
                    return answer;
                lied++;
                return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(AWeiMore(JsonNode.Parse(answer.Body)!)) };
            },
        });
        output.WriteLine($"{lied} lies of {asked} claims");
        Assert.Equal(LiesMost, lied);
        Assert.True(asked > LiesMost);
        Assert.Contains("round-not-collected", Fired(taken));
        Assert.Null(run.Failure); // the run's own checks: what is booked is what the chain paid, and all of it at the end
    }

    [Fact]
    public void DisturbedSeasons_WakeForWhatTheyMiss()
    {
        var fired = Enumerable.Range(1, 2).SelectMany(seed => Fired(Measured(seed, Severity.Wild, play => play with
        {
            MoreTicks = [.. play.Setting.Rounds.Select(round => round.ClosesStaking.AddMinutes(-20))], // so that what is measured nine minutes before is measured at work
        }).Taken)).ToHashSet(StringComparer.Ordinal);
        output.WriteLine(string.Join(", ", fired));
        Assert.Subset(fired, new HashSet<string>(["round-not-submitted", "round-missed", "watcher-lags"], StringComparer.Ordinal));
    }

    /// <summary>Rows of the log that were changed behind the app's back: what remembers the vault doesn't see it, the weekly look at every row does.</summary>
    [Fact]
    public void DamagedLog_WakesSomebody()
    {
        var appended = 0;
        var (taken, _) = Measured(1, Severity.None, play => play with
        {
            Storage = (request, storage) =>
            {
                appended += request.Path == "/$batch" ? 1 : 0;
                var answer = storage(request);
                return appended > 60 && request.Method == "GET" && request.Path == "/vaultlog()"
                    ? answer with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer.Body).Replace("\"Chain\":\"", "\"Chain\":\"no", StringComparison.Ordinal)) } : answer;
            },
        });
        Assert.True(appended > 60);
        Assert.Contains("vault-unreadable", Fired(taken));
    }

    static JsonNode AWeiMore(JsonNode answer)
    {
        var claim = answer["data"]!["v3StakeClaim"]!;
        claim["payoutAmountWei"] = (BigInteger.Parse(claim["payoutAmountWei"]!.GetValue<string>(), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    static IEnumerable<string> Known => MeasureNames.All.Append(MeasureNames.Heartbeat);

    static IReadOnlyList<string> Fired(IReadOnlyList<Taken> taken)
    {
        var fired = new List<string>();
        foreach (var alert in Alerts)
        {
            var name = alert.GetProperty("name").GetString()!;
            if (name == "flow-idle")
                continue; // middleware keeps when functions succeeded, and the simulator runs them without
            var of = taken.Where(it => alert.TryGetProperty("measure", out var measure) && it.Name == measure.GetString() && it.AtWork).ToList();
            if (alert.TryGetProperty("above", out var above) ? of.Exists(it => it.Value > above.GetInt64())
                : alert.TryGetProperty("below", out var below) ? of.Exists(it => it.Value < below.GetInt64())
                : OfQuery(name, of, taken))
                fired.Add(name);
        }

        return fired;
    }

    static bool OfQuery(string name, List<Taken> of, IReadOnlyList<Taken> all) => name switch
    {
        "round-missed" => of.GroupBy(it => it.Subject, StringComparer.Ordinal).Any(vault => vault.Max(it => it.Value) > vault.Min(it => it.Value)),
        "queue-backlog" => of.Exists(it => it.Value > 1000),
        "watcher-lags" => of.Exists(it => it.Value > 300),
        "signer-nonce-stuck" => Stuck(all),
        "dead-man-switch" => of.Count == 0,
        "exceptions" => false, // of logs, not of measures
        _ => throw new InvalidOperationException($"What does {name} ask?"),
    };

    /// <summary>For an hour, at every look, something waits and nothing is mined.</summary>
    static bool Stuck(IReadOnlyList<Taken> all) => all.Where(it => it.Name == MeasureNames.SignerPending).GroupBy(it => it.Subject, StringComparer.Ordinal).Any(signer =>
    {
        var nonces = all.Where(it => it.Name == MeasureNames.SignerNonce && it.Subject == signer.Key).ToList();
        return signer.Any(first => signer.Where(it => it.At >= first.At && it.At <= first.At.AddHours(1)).ToList() is { Count: > 3 } hour && hour.TrueForAll(it => it.Value > 0)
            && nonces.Where(it => it.At >= first.At && it.At <= first.At.AddHours(1)).Select(it => it.Value).Distinct().Count() == 1);
    });

    static (IReadOnlyList<Taken> Taken, SeedOnce Run) Measured(int seed, Severity severity, Func<Play, Play>? change)
    {
        var taken = new List<Taken>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Meter.Scope is Recorder recorder && recorder.Taken == taken)
                its.EnableMeasurementEvents(instrument);
        };
        DateTimeOffset last = default;
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var at = ((Recorder)instrument.Meter.Scope!).Clock.GetUtcNow();
            if (instrument.Name == MeasureNames.Heartbeat)
                last = at;
            taken.Add(new(at, instrument.Name, tags.Length == 0 ? "" : $"{tags[0].Value}", value, at - last < AtWork));
        });
        listener.Start();
        var run = SeedRun.One(seed, severity, Weeks, false, play =>
        {
            var its = play with { SeldomEvery = 1, Change = services => services.AddSingleton<IMeterFactory>(all => new Recorder(taken, all.GetRequiredService<TimeProvider>())) };
            return change?.Invoke(its) ?? its;
        });
        return (taken, run);
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    sealed record Taken(DateTimeOffset At, string Name, string Subject, long Value, bool AtWork);

    /// <summary>Meters of one run alone, though others run beside it.</summary>
    sealed class Recorder(List<Taken> taken, TimeProvider clock) : IMeterFactory
    {
        public List<Taken> Taken => taken;

        public TimeProvider Clock => clock;

        public Meter Create(MeterOptions options) => new(options.Name, options.Version, options.Tags, scope: this);

        public void Dispose()
        {
        }
    }
}
