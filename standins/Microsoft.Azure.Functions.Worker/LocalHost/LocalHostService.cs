using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// Starts the server and the listeners once the app's own services have started; at the end cancels what runs, and waits for it.
/// A refusal is one line on standard error and exit status 1.
/// </summary>
sealed partial class LocalHostService(FunctionCatalog catalog, HostServer server, IServiceProvider services, ILoggerFactory loggers) : IHostedLifecycleService, IDisposable
{
    readonly CancellationTokenSource stopping = new();
    readonly ConcurrentDictionary<Task, bool> runningOnce = new();
    readonly ILogger logger = loggers.CreateLogger("Host");
    Dictionary<FunctionEntry, ITriggerListener> listeners = [];
    Task listening = Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            listeners = catalog.Functions.Where(function => function.Trigger is IListenedTrigger)
                .ToDictionary(function => function, function => ((IListenedTrigger)function.Trigger).Listen(function, services));
            var address = await server.Start(RunOnce, stopping.Token);
            listening = Task.WhenAll(listeners.Where(listener => !listener.Key.IsDisabled).Select(listener => Task.Run(() => listener.Value.Run(stopping.Token), CancellationToken.None)));
            Listening(logger, address, catalog.Functions.Count, (long)(DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds);
        }
        catch (HostRefusalException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            Environment.Exit(1);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await server.Stop(cancellationToken);
        await Task.WhenAll([listening, .. runningOnce.Keys]).WaitAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();

    /// <summary>Starts one invocation that nobody waits for; false when the function has no trigger that can be set off so.</summary>
    bool RunOnce(FunctionEntry function, string? input)
    {
        if (!listeners.TryGetValue(function, out var listener))
            return false;
        var run = Task.Run(() => listener.RunOnce(input, stopping.Token), CancellationToken.None);
        runningOnce[run] = true;
        _ = run.ContinueWith(ended => runningOnce.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "listening on {Address}, {Functions} functions, {Milliseconds} ms after start")]
    static partial void Listening(ILogger logger, string address, int functions, long milliseconds);
}
