namespace Backstake.Simulation.Engine;

/// <summary>
/// Virtual time on one thread. What is due happens in the order of its time, and at one time in the order in which it was asked for; between two things
/// everything that can run without waiting runs to its end. Nothing else moves the clock.
/// </summary>
public sealed class Loop(DateTimeOffset start)
{
    readonly PriorityQueue<Action, (long Ticks, long Order)> future = new();
    readonly Queue<(SendOrPostCallback Callback, object? State, Machine Machine)> ready = new();
    readonly int thread = Environment.CurrentManagedThreadId;
    long order;

    /// <summary>UTC.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>How many things have happened.</summary>
    public long Events { get; private set; }

    /// <summary>Where something of the app ran on another thread: the run would depend on more than its seed.</summary>
    volatile string? strayed;

    public void At(DateTimeOffset time, Action action)
    {
        if (IsHere())
            future.Enqueue(action, ((time < Now ? Now : time).UtcTicks, order++));
    }

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Work of a machine that can go on now.</summary>
    public void Ready(Machine machine, SendOrPostCallback callback, object? state)
    {
        if (IsHere())
            ready.Enqueue((callback, state, machine));
    }

    bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == thread)
            return true;
        strayed ??= Environment.StackTrace;
        return false;
    }

    public void RunUntil(DateTimeOffset end)
    {
        while (true)
        {
            Drain();
            if (!future.TryPeek(out var action, out var at) || at.Ticks > end.UtcTicks)
                break;
            future.Dequeue();
            Now = new DateTimeOffset(at.Ticks, TimeSpan.Zero);
            Events++;
            action();
            if (strayed is not null)
                throw new InvalidOperationException("Something of the app ran on another thread than the simulator's: " + strayed);
        }

        Now = end;
    }

    void Drain()
    {
        while (ready.TryDequeue(out var next))
        {
            if (!next.Machine.IsAlive)
                continue;
            var before = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(next.Machine.Context);
            try
            {
                next.Callback(next.State);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }
    }
}

/// <summary>Where the app's continuations go: to the loop, as long as their machine lives.</summary>
public sealed class MachineContext(Loop loop, Machine machine) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (machine.IsAlive)
            loop.Ready(machine, d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for another thread here.");
}

/// <summary>A machine's clock: the loop's time, and by how much the machine is wrong.</summary>
public sealed class MachineTime(Loop loop, TimeSpan skew) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => loop.Now + skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => loop.Now.UtcTicks;
}
