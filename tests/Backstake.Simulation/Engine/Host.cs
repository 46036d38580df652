using Backstake.Functions.Storage;
using Backstake.Simulation.Storage;

namespace Backstake.Simulation.Engine;

/// <summary>
/// The Functions host around the app: gives each visible message to some machine, deletes it when the function succeeded, shows it again when it didn't
/// or when its machine died, and puts it aside after <see cref="DequeuesMost"/> tries (host.json). Fires timers.
/// </summary>
public sealed class Host(Loop loop, MemoryQueues queues, FaultDice dice, Trace trace, Func<int, Machine> make, int machineCount)
{
    const int DequeuesMost = 8;
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);
    static readonly TimeSpan PollMost = TimeSpan.FromSeconds(2);

    readonly Machine?[] machines = new Machine?[machineCount];

    public int Crashes { get; private set; }

    public int Delivered { get; private set; }

    /// <summary>Messages that were tried too often.</summary>
    public int Poisoned { get; private set; }

    public IEnumerable<Machine> Alive => machines.OfType<Machine>();

    public void Begin()
    {
        queues.Put += Arrived;
        for (var number = 0; number < machines.Length; number++)
            machines[number] = make(number);
    }

    /// <summary>The process dies here and now, and is started again after a while.</summary>
    public void Crash(Machine machine)
    {
        if (machines[machine.Number] != machine)
            return;
        Crashes++;
        machine.Die();
        machines[machine.Number] = null;
        trace.Add($"m{machine.Number} died");
        loop.After(dice.Random.Span(TimeSpan.FromSeconds(1), dice.Ranges.DownMost), () => machines[machine.Number] = make(machine.Number));
    }

    /// <summary>All processes die; they are started again by <see cref="Begin"/> of another host.</summary>
    public void End()
    {
        queues.Put -= Arrived;
        foreach (var machine in Alive)
            machine.Die();
    }

    /// <summary>Fires a timer on one of the machines; where there is none, this run is missed.</summary>
    public void Fire(AppFunction timer)
    {
        var disturbed = !dice.IsCalm(loop.Now);
        if (disturbed && dice.Random.Chance(dice.Ranges.TimersLost))
            return;
        var twice = disturbed && dice.Random.Chance(dice.Ranges.TimersTwice);
        foreach (var machine in twice ? Alive.ToList() : Alive.Skip(dice.Random.Between(0, Math.Max(1, Alive.Count()))).Take(1).ToList())
            machine.Run(timer, null, _ => { });
    }

    /// <summary>Sees messages that were there before this host began.</summary>
    public void Resume()
    {
        foreach (var message in queues.All.Where(message => VaultQueues.All.Contains(message.Queue)).ToList())
            Schedule(message);
    }

    void Arrived(QueuedMessage message)
    {
        var fate = dice.OfMessage(loop.Now);
        foreach (var delay in fate.Copies)
            Schedule(queues.Add(message.Queue, message.Text, delay));
        if (fate.Lost)
            queues.Delete(message, message.PopReceipt);
        message.VisibleAt += fate.Delay;
        Schedule(message);
    }

    void Schedule(QueuedMessage message) => loop.At(message.VisibleAt + dice.Random.Span(TimeSpan.Zero, PollMost), () => Deliver(message));

    void Deliver(QueuedMessage message)
    {
        if (!queues.Holds(message))
            return;
        var alive = Alive.ToList();
        if (alive.Count == 0)
        {
            loop.After(TimeSpan.FromSeconds(30), () => Deliver(message));
            return;
        }

        if (!queues.Take(message, Lease))
        {
            Schedule(message);
            return;
        }

        var receipt = message.PopReceipt;
        var function = AppFunction.OfQueue(message.Queue);
        var argument = function.Read(message.Text);
        if (message.DequeueCount > DequeuesMost || argument is null)
        {
            Poisoned++;
            queues.Delete(message, receipt);
            queues.Add(VaultQueues.PoisonOf(message.Queue), message.Text, TimeSpan.Zero);
            return;
        }

        Schedule(message); // found there when the lease is over: its machine died
        Delivered++;
        dice.Random.Of(alive).Run(function, argument, done =>
        {
            if (done)
                queues.Delete(message, receipt);
            else if (message.PopReceipt == receipt)
                Show(message);
        });
    }

    void Show(QueuedMessage message)
    {
        message.VisibleAt = loop.Now + AfterFailure;
        Schedule(message);
    }
}
