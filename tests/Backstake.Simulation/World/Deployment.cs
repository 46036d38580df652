using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Numerai;
using Backstake.Simulation.Storage;
using Xunit;

namespace Backstake.Simulation.World;

/// <summary>The app with as many vaults as a test wants, on the simulator's chain and storage, without a season's plan and its checks: its time goes where the test says.</summary>
public sealed class Deployment
{
    readonly int finalityBlocks;
    readonly Trace trace;
    readonly ChainNodeModel node;
    int acts;

    public Deployment(IReadOnlyList<VaultFacts> vaults, int finalityBlocks)
    {
        (Vaults, this.finalityBlocks) = (vaults, finalityBlocks);
        Loop = new Loop(Setting.Start);
        trace = new Trace(Loop);
        Chain = new ChainModel(Loop, Setting.Start, finalityBlocks, new ChainWorld(
            vaults.ToImmutableSortedDictionary(facts => facts.Vault, facts => new VaultModel(facts), StringComparer.Ordinal), ImmutableDictionary<string, ulong>.Empty), trace);
        Numerai = new NumeraiModel(Loop, Setting.Tournament, [], vaults.ToDictionary(facts => facts.ModelId, facts => "model" + facts.Vault[^4..]), Chain, Setting.ChainId);
        node = new ChainNodeModel(Chain, Numerai, new NodeSetting(
            Setting.ChainId, Setting.AddressOf(0x90, 1), Setting.AddressOf(0x90, 2), Setting.AddressOf(0x90, 3), [.. vaults.Select((facts, index) => new CreatedModel(facts, (ulong)(5 + index)))]));
        Account = new MemoryAccount(() => Loop.Now);
    }

    public Loop Loop { get; }

    public IReadOnlyList<VaultFacts> Vaults { get; }

    public ChainModel Chain { get; }

    public NumeraiModel Numerai { get; }

    /// <summary>What the app has stored; it may be taken from it, and given another.</summary>
    public MemoryAccount Account { get; set; }

    /// <summary>Stands between the app and the node.</summary>
    public Func<HttpCall, Func<HttpCall, Answer>, Answer> Between { get; set; } = (call, next) => next(call);

    /// <summary>Somebody's transaction.</summary>
    public void Act(DateTimeOffset at, VaultFacts vault, string sender, string name, Action<VaultModel, CallContext> act)
    {
        var hash = Words.Hex(SHA256.HashData(Encoding.ASCII.GetBytes($"act {acts++}")));
        Loop.At(at, () => Chain.Add(new ModelTransaction(hash, sender, null, BigInteger.Pow(10, 30), vault.Vault, [], name, act)));
    }

    /// <summary>The app starts, on one machine, with what is stored.</summary>
    public Host Start(IReadOnlyDictionary<string, string?>? more = null)
    {
        var (dice, account) = (new FaultDice(FaultRanges.None, Random64.For(1, "deployment"), _ => true), Account);
        var settings = new Dictionary<string, string?>(Simulation.SettingsOf(finalityBlocks), StringComparer.Ordinal);
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
            settings[name] = value;
        var outside = new Outside(account.Answer, Numerai.Answer, call => Between(call, node.Answer), _ => { }, trace);
        var host = new Host(Loop, account.Queues, dice, trace, number => new Machine(number, Loop, dice, outside, TimeSpan.Zero, settings, null), machineCount: 1);
        host.Begin();
        return host;
    }

    /// <summary>Runs something of the app's own on its machine, to its end.</summary>
    public void Run(Host host, Func<IServiceProvider, Task> step)
    {
        Task? running = null;
        var machine = host.Alive.Single();
        Loop.Ready(machine, _ => running = step(machine.Services), null);
        for (var minutes = 0; running is not { IsCompleted: true }; minutes++)
        {
            if (minutes == 24 * 60)
                throw new TimeoutException("It doesn't end.");
            Loop.RunUntil(Loop.Now.AddMinutes(1));
        }

        running.GetAwaiter().GetResult();
    }

    /// <summary>Where the loop may be: on one thread, without a synchronisation context, and with a stack that no chain of continuations fills.</summary>
    public static void OnItsOwnThread(Action play)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(play), 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>A vault as <see cref="Setting"/> makes its own.</summary>
    public static VaultFacts Facts(int number, DateTimeOffset firstCut) => new(
        Setting.AddressOf(0xa0, number), Setting.AddressOf(0xb0, number), Setting.AddressOf(0xc0, number), Setting.AddressOf(0xd0, number), Setting.AddressOf(0xe0, number),
        Setting.Committer.Address, Setting.Staker.Address, Setting.Settler.Address, new Guid(number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1), Setting.Tournament,
        firstCut.ToUnixTimeSeconds(), (long)Setting.Window.TotalSeconds);
}
