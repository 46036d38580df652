using Backstake.Functions.Hosting;
using Backstake.Functions.Http;
using Backstake.Simulation.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Simulation.Engine;

/// <summary>One process of the app: its services, its clock, its calls. When it dies, all that it knew and was doing is gone.</summary>
public sealed class Machine : IDisposable
{
    readonly Loop loop;
    readonly FaultDice dice;
    readonly Outside outside;
    readonly ServiceProvider services;
    readonly Dictionary<Type, object> functions = [];

    public Machine(int number, Loop loop, FaultDice dice, Outside outside, TimeSpan skew, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? change)
    {
        Number = number;
        this.loop = loop;
        this.dice = dice;
        this.outside = outside;
        Context = new MachineContext(loop, this);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(configuration);
        collection.AddLogging(logging => logging.AddProvider(new TraceLogger(outside.Trace, number)).SetMinimumLevel(LogLevel.Warning));
        collection.AddBackstake(configuration);
        var time = new MachineTime(loop, skew);
        collection.AddSingleton<TimeProvider>(time);
        collection.AddKeyedSingleton<TimeProvider>(MachineClock.Key, time);
        var transport = new MemoryTransport(request => Ask(MemoryAccount.ServiceOf(request), $"{request.Method} {request.Path}", () => outside.Storage(request)));
        collection.AddSingleton(new Transports(
            options =>
            {
                options.Transport = transport;
                options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.Zero; // time passes in the loop alone
                options.Diagnostics.IsLoggingEnabled = options.Diagnostics.IsDistributedTracingEnabled = options.Diagnostics.IsTelemetryEnabled = false;
            },
            new MemoryHandler(request => Ask(Service.Numerai, request.Name, () => outside.Numerai(request))),
            new MemoryHandler(request => Ask(Service.Chain, request.Name, () => outside.Chain(request)))));
        change?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public int Number { get; }

    public bool IsAlive { get; private set; } = true;

    public MachineContext Context { get; }

    public IServiceProvider Services => services;

    public void Die() => IsAlive = false;

    /// <summary>Runs one of the app's functions as the host does: with the storage prepared, and with whatever it throws caught.</summary>
    public void Run(AppFunction function, object? argument, Action<bool> ended) => loop.Ready(this, _ => _ = Invoke(function, argument, ended), null);

    public void Dispose() => services.Dispose();

    async Task Invoke(AppFunction function, object? argument, Action<bool> ended)
    {
        var done = false;
        try
        {
            await services.GetRequiredService<StoragePreparation>().Prepare(CancellationToken.None);
            if (!functions.TryGetValue(function.Type, out var instance))
                functions[function.Type] = instance = ActivatorUtilities.CreateInstance(services, function.Type);
            await function.Invoke(instance, argument);
            done = true;
        }
        catch (Exception failure)
        {
            outside.Trace.Add($"m{Number} {function.Name} failed: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
        }

        ended(done);
    }

    /// <summary>A call to the outside: where another machine, another message or a fault may come between.</summary>
    Task<Answer> Ask(Service service, string what, Func<Answer> effect)
    {
        var source = new TaskCompletionSource<Answer>();
        var fate = dice.OfCall(service, loop.Now);
        if (outside.StandsStill?.Invoke(what) is (var before, var after))
            fate = fate with { Before = fate.Before + before, After = fate.After + after };
        loop.After(fate.Before, () => Reach(service, what, effect, fate, source));
        return source.Task;
    }

    void Reach(Service service, string what, Func<Answer> effect, Fate fate, TaskCompletionSource<Answer> source)
    {
        // A request that was sent may still arrive after its sender died; half of them do.
        if (!IsAlive && fate.Status % 2 == 0)
            return;
        outside.Trace.Add($"m{Number} {service} {what}{(fate.Outcome == Outcome.Done ? "" : " " + fate.Outcome)}");
        switch (fate.Outcome)
        {
            case Outcome.CrashBefore when IsAlive:
                outside.Crash(this);
                return;
            case Outcome.LostRequest or Outcome.CrashBefore:
                Later(fate.After, () => source.SetException(new ConnectionLostException()));
                return;
            case Outcome.Refused:
                Later(fate.After, () => source.SetResult(new Answer(fate.Status, [], "")));
                return;
            case Outcome.Html:
                Later(fate.After, () => source.SetResult(new Answer(service is Service.Numerai or Service.Chain ? 200 : 502, "<html><body>Bad gateway</body></html>"u8.ToArray(), "text/html")));
                return;
        }

        Answer answer;
        try
        {
            answer = effect();
        }
        catch (AskerDiesException)
        {
            outside.Crash(this);
            return;
        }

        switch (fate.Outcome)
        {
            case Outcome.CrashAfter when IsAlive:
                outside.Crash(this);
                break;
            case Outcome.LostAnswer or Outcome.CrashAfter:
                Later(fate.After, () => source.SetException(new ConnectionLostException()));
                break;
            case Outcome.HalfAnswer:
                Later(fate.After, () => source.SetResult(answer with { CutAfter = answer.Body.Length / 2 }));
                break;
            default:
                Later(fate.After, () => source.SetResult(answer));
                break;
        }
    }

    void Later(TimeSpan delay, Action then)
    {
        if (delay == TimeSpan.Zero)
            Then();
        else
            loop.After(delay, Then);

        void Then()
        {
            if (IsAlive)
                then();
        }
    }
}

/// <summary>What machines reach, and what they do to the run.</summary>
public sealed record Outside(
    Func<StorageRequest, Answer> Storage, Func<HttpCall, Answer> Numerai, Func<HttpCall, Answer> Chain, Action<Machine> Crash, Trace Trace)
{
    /// <summary>For how long whoever makes this call stands still, before it arrives and before its answer is taken; null: not at all.</summary>
    public Func<string, (TimeSpan Before, TimeSpan After)?>? StandsStill { get; init; }
}

/// <summary>Thrown by what stands between the app and the outside: the process that asks dies here, and nothing takes effect.</summary>
public sealed class AskerDiesException() : Exception("The process died.");

sealed class TraceLogger(Trace trace, int machine) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        trace.Add($"m{machine} {logLevel}: {formatter(state, exception).Split('\n')[0]}");

    public void Dispose()
    {
    }
}
