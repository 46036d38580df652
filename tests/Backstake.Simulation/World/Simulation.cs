using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Backstake.Functions.Storage;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Numerai;
using Backstake.Simulation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Simulation.World;

/// <summary>What a run is played with.</summary>
public sealed record Play(Setting Setting, FaultRanges Faults)
{
    /// <summary>Whose chance decides when which fault comes; the season's own, unless several share the season.</summary>
    public int Seed { get; init; } = Setting.Seed;

    /// <summary>Replaces services of the app, in every machine.</summary>
    public Action<IServiceCollection>? Change { get; init; }

    /// <summary>Stands between the app and the storage, the node, or Numerai.</summary>
    public Func<StorageRequest, Func<StorageRequest, Answer>, Answer>? Storage { get; init; }

    public Func<HttpCall, Func<HttpCall, Answer>, Answer>? Chain { get; init; }

    public Func<HttpCall, Func<HttpCall, Answer>, Answer>? Numerai { get; init; }

    /// <summary>For how long whoever makes a call of this name stands still, before it arrives and before its answer is taken; null: not at all.</summary>
    public Func<string, (TimeSpan Before, TimeSpan After)?>? StandsStill { get; init; }

    /// <summary>Changes what is written to tables.</summary>
    public Func<IReadOnlyList<TableChange>, IReadOnlyList<TableChange>>? Rewrite { get; init; }

    /// <summary>At each so manieth tick the timers fire that no vault waits for: they ask much.</summary>
    public int SeldomEvery { get; init; } = 24;

    /// <summary>When the timers fire besides.</summary>
    public IReadOnlyList<DateTimeOffset> MoreTicks { get; init; } = [];

    /// <summary>What somebody does besides.</summary>
    public IReadOnlyList<PlannedAct> MoreActs { get; init; } = [];

    /// <summary>Timers that never fire.</summary>
    public IReadOnlyList<string> Muted { get; init; } = [];

    /// <summary>Keeps the whole trace.</summary>
    public bool Trace { get; init; }

    /// <summary>Then everything ends, and goes on elsewhere with what was exported; null: never.</summary>
    public DateTimeOffset? MovedAt { get; init; }
}

/// <summary>How a run ended: what must be equal in runs of one seed, by name.</summary>
public sealed record End(IReadOnlyDictionary<string, string> Facts, string TraceDigest, Tally Tally);

/// <summary>What happened in a run: a check that never had anything to check says nothing.</summary>
public sealed record Tally(long Events, int Delivered, int Crashes, int Poisoned, int Transactions, int Reorgs, int Triggered, int Staked, int Missed, int Settled, int Appended);

/// <summary>One season of the app in one thread, from one seed.</summary>
public sealed class Simulation
{
    /// <summary>Those that no vault waits for.</summary>
    public static readonly IReadOnlyList<string> Seldom = ["Measure", "Tidy"];

    /// <summary>All that the app has, the sweep last: it finds what the others left.</summary>
    public static readonly IReadOnlyList<string> Timers = [.. AppFunction.All.Where(function => function.Queue is null).Select(function => function.Name).OrderBy(name => name == "Sweep").ThenBy(name => name, StringComparer.Ordinal)];

    static readonly TimeSpan WebhookLateMost = TimeSpan.FromMinutes(4);

    readonly Play play;
    readonly Loop loop;
    readonly Trace trace;
    readonly FaultDice dice;
    readonly ChainModel chain;
    readonly ChainNodeModel node;
    readonly NumeraiModel numerai;
    readonly Dictionary<string, string?> settings;
    readonly Dictionary<string, LogChecker> logs;
    readonly ChainChecker chainChecker;
    readonly TimeSpan[] skews;
    MemoryAccount account;
    Host host;
    int reorgs;

    public Simulation(Play play)
    {
        this.play = play;
        var setting = play.Setting;
        loop = new Loop(Setting.Start);
        trace = new Trace(loop) { All = play.Trace ? [] : null };
        dice = new FaultDice(play.Faults, Random64.For(play.Seed, "faults"), setting.IsCalm);
        var beginning = new ChainWorld(setting.Vaults.ToImmutableSortedDictionary(facts => facts.Vault, facts => new VaultModel(facts), StringComparer.Ordinal), ImmutableDictionary<string, ulong>.Empty);
        chain = new ChainModel(loop, Setting.Start, setting.FinalityBlocks, beginning, trace);
        chain.BaseFee = time => BigInteger.Pow(10, 10) * dice.TimesTheBaseFee(time);
        numerai = new NumeraiModel(loop, Setting.Tournament, setting.Rounds, setting.Vaults.ToDictionary(facts => facts.ModelId, facts => "model" + facts.Vault[^1]), chain, Setting.ChainId);
        node = new ChainNodeModel(chain, numerai, new NodeSetting(Setting.ChainId, Setting.AddressOf(0x90, 1), Setting.AddressOf(0x90, 2), Setting.AddressOf(0x90, 3),
            [.. setting.Vaults.Select((facts, index) => new CreatedModel(facts, (ulong)(5 + index)))]));
        settings = SettingsOf(setting.FinalityBlocks);
        skews = [.. Enumerable.Range(0, setting.Machines).Select(number => setting.Severity == Severity.Wild && number > 0 ? dice.Random.Span(TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5)) : TimeSpan.Zero)];
        account = new MemoryAccount(() => loop.Now);
        logs = setting.Vaults.ToDictionary(facts => facts.Vault, facts => new LogChecker(facts.Vault, chain), StringComparer.Ordinal);
        chainChecker = new ChainChecker(logs, numerai);
        chain.Mined += chainChecker.Mined;
        node.Arrived += chainChecker.Arrived;
        host = HostOf(account);
    }

    public Trace Trace => trace;

    public IReadOnlyDictionary<string, LogChecker> Logs => logs;

    public MemoryAccount Account => account;

    public End Run()
    {
        host.Begin();
        Watch(account);
        foreach (var file in play.Setting.Files)
            loop.At(file.At, () => account.Blobs.Put("predictions", file.Name, file.Content));
        foreach (var (act, index) in play.Setting.Acts.Concat(play.MoreActs).Select((act, index) => (act, index)))
            loop.At(act.At, () => chain.Add(new ModelTransaction(Words.Hex(SHA256.HashData(Encoding.ASCII.GetBytes($"act {index}"))), act.Sender, null, BigInteger.Pow(10, 30), play.Setting.Vaults[act.Vault].Vault, [], act.Name, act.Act)));
        foreach (var (tick, index) in play.Setting.Ticks.Concat(play.MoreTicks).Select((tick, index) => (tick, index)))
            loop.At(tick, () => Tick(index % play.SeldomEvery == 0));
        if (play.MovedAt is { } moved)
            loop.At(moved, Move);
        PlanWebhooks();
        PlanChainFaults();
        loop.RunUntil(play.Setting.End);
        host.End();
        Finished.Check(play.Setting, logs, chain, chainChecker);
        return new End(EndFacts.Of(logs, chain), trace.Digest, TallyOf());
    }

    void Tick(bool all)
    {
        var seconds = 0;
        foreach (var timer in Timers.Where(timer => all || !Seldom.Contains(timer)))
            Fire(timer, seconds += 20);
    }

    void Fire(string timer, int seconds)
    {
        if (!play.Muted.Contains(timer))
            loop.After(TimeSpan.FromSeconds(seconds), () => host.Fire(AppFunction.Named(timer)));
    }

    /// <summary>Export, import, go on: fresh storage gets the logs, their documents and the outbox. All else (registry, rounds, cursors, messages) is found again.</summary>
    void Move()
    {
        host.End();
        var fresh = new MemoryAccount(() => loop.Now);
        foreach (var row in account.Tables.Rows("vaultlog").Where(row => row.Key != "cursor"))
            fresh.Tables.Put("vaultlog", row);
        foreach (var row in account.Tables.Rows("outbox"))
            fresh.Tables.Put("outbox", row);
        foreach (var container in new[] { "settlements", "predictions" })
        {
            foreach (var (name, content) in account.Blobs.Of(container))
                fresh.Blobs.Put(container, name, content);
        }

        account = fresh;
        host = HostOf(account);
        Watch(account);
        host.Begin();
    }

    Host HostOf(MemoryAccount storage)
    {
        Host? made = null;
        var outside = new Outside(request => play.Storage is { } between ? between(request, storage.Answer) : storage.Answer(request),
            call => play.Numerai is { } between ? between(call, numerai.Answer) : numerai.Answer(call),
            call => play.Chain is { } between ? between(call, node.Answer) : node.Answer(call), machine => made!.Crash(machine), trace) { StandsStill = play.StandsStill };
        return made = new Host(loop, storage.Queues, dice, trace, number => new Machine(number, loop, dice, outside, skews[number], settings, play.Change), play.Setting.Machines);
    }

    void Watch(MemoryAccount storage)
    {
        storage.Tables.Written += changes =>
        {
            chainChecker.Take(changes);
            if (changes[0].Table == "vaultlog" && logs.TryGetValue(changes[0].Partition.Split('-')[1], out var log))
                log.Take(storage, changes);
        };
        storage.Tables.Rewrite = play.Rewrite;
        if (play.Setting.Severity != Severity.None)
            storage.Tables.RowsOfPage = () => dice.IsCalm(loop.Now) ? 1000 : dice.Random.Between(1, 40);
    }

    /// <summary>Of some rounds the vaults' webhooks are called, too, once or twice, beside the poll or late: with what the app's own endpoint then sends.</summary>
    void PlanWebhooks()
    {
        var (random, setting) = (Random64.For(play.Seed, "webhooks"), play.Setting);
        if (setting.Severity == Severity.None)
            return;
        foreach (var (round, vault) in setting.Rounds.SelectMany(round => setting.Vaults.Select(vault => (round, vault.Vault))))
        {
            for (var calls = random.Between(0, 3); calls > 0; calls--)
            {
                var trigger = new RoundTriggered(vault, $"00000000-0000-0000-0000-{random.Next() >> 16:x12}");
                loop.At(round.Opens + random.Span(TimeSpan.Zero, WebhookLateMost),
                    () => account.Queues.Send(VaultQueues.Rounds, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(trigger, JsonSerializerOptions.Web)), TimeSpan.Zero));
            }
        }
    }

    void PlanChainFaults()
    {
        var (random, setting) = (Random64.For(play.Seed, "chain faults"), play.Setting);
        if (setting.Severity == Severity.None)
            return;
        for (var at = Setting.Start.AddDays(1); at < setting.End; at += random.Span(TimeSpan.FromHours(6), TimeSpan.FromDays(6)))
        {
            var (when, depth, forgets, spike) = (at, random.Between(1, setting.FinalityBlocks + 1), random.Part() * 0.5, random.Chance(0.3));
            loop.At(when, () =>
            {
                if (setting.IsCalm(loop.Now))
                    return;
                reorgs++;
                chain.Reorg(depth, it => it.Nonce is not null && random.Chance(forgets));
                if (spike)
                    chain.Forget(it => it.Nonce is not null);
            });
        }
    }

    Tally TallyOf() => new(loop.Events, host.Delivered, host.Crashes, host.Poisoned, chainChecker.Sent, reorgs, logs.Values.Sum(log => log.Triggered),
        logs.Values.Sum(log => log.StakedIn.Values.Count(amount => !amount.IsZero)), logs.Values.Sum(log => log.Missed.Count), logs.Values.Sum(log => log.Settled.Count), (int)logs.Values.Sum(log => log.Sequence));

    /// <summary>The app's settings.</summary>
    public static Dictionary<string, string?> SettingsOf(int finalityBlocks) => new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = MemoryAccount.ConnectionString,
        ["Numerai:Endpoint"] = NumeraiModel.Address,
        ["Numerai:PublicId"] = "simulated",
        ["Numerai:SecretKey"] = "simulated",
        ["Ethereum:RpcUrl"] = "https://node.simulator",
        ["Ethereum:ChainId"] = Setting.ChainId.ToString(),
        ["Ethereum:Factory"] = Setting.AddressOf(0x90, 1),
        ["Ethereum:FactoryBlock"] = "1",
        ["Ethereum:CommitterKey"] = Setting.Committer.Key,
        ["Ethereum:StakerKey"] = Setting.Staker.Key,
        ["Ethereum:SettlerKey"] = Setting.Settler.Key,
        ["Ethereum:WatchAfter"] = TimeSpan.FromSeconds((finalityBlocks + 2) * ChainModel.BlockSeconds).ToString(),
    };
}
