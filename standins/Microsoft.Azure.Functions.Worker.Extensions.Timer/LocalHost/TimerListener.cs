using Azure;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>
/// Runs a timer's function on its schedule, one host at a time (a blob lease), one invocation at a time. A run missed while no host was up is made up once at the start.
/// Time is the machine's: schedules follow real time, as in Azure, not the app's TimeProvider.
/// </summary>
sealed partial class TimerListener(
    FunctionEntry function, TimerSchedule schedule, bool useMonitor, bool runOnStartup, HostBlobs blobs, SingletonOptions singleton, FunctionInvoker invoker, ILogger logger) : ITriggerListener
{
    static readonly TimeSpan LongestDelay = TimeSpan.FromDays(24);   // a timer's limit is 2^32 - 2 ms

    readonly bool monitored = useMonitor && !schedule.IsUnderAMinute(DateTime.UtcNow);
    bool startupRun = runOnStartup;

    public async Task Run(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await Attempt(() => blobs.Acquire(singleton.LockPeriod, stop)) is { } lease)
                    await RunHolding(lease, stop);
                else
                    await Task.Delay(singleton.RecoveryInterval, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the host stops
        }
    }

    public async Task RunOnce(string? input, CancellationToken stop)
    {
        var status = monitored ? await Attempt(() => blobs.ReadStatus(stop)) : null;
        await invoker.Invoke(function, new TriggerInput(new TimerInfo { ScheduleStatus = status }, "admin", TriggerInput.NoBindingData), stop);
    }

    async Task RunHolding(BlobLeaseClient lease, CancellationToken stop)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = Renew(lease, lost);
        try
        {
            await RunSchedule(lost.Token, stop);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // stopped, or the lock was lost
        }
        catch (RequestFailedException exception)
        {
            StorageFailed(logger, function.Name, exception.Message);
            await Task.Delay(singleton.RecoveryInterval, stop);
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
            await Attempt(async () => (await lease.ReleaseAsync(cancellationToken: CancellationToken.None)).Value);
        }
    }

    async Task RunSchedule(CancellationToken held, CancellationToken stop)
    {
        var status = new ScheduleStatus { Next = schedule.Next(DateTime.UtcNow) };
        if (monitored)
        {
            (status, var isNew, var isPastDue) = TimerMonitor.Check(await blobs.ReadStatus(held), schedule, DateTime.UtcNow);
            if (isNew)
                await blobs.WriteStatus(status);
            if (isPastDue)
            {
                status = await Invoke(status, "past due", isPastDue: true, stop);
                startupRun = false;
            }
        }

        if (startupRun)
        {
            startupRun = false;
            status = await Invoke(status, "startup", isPastDue: false, stop);
        }

        while (true)
        {
            await DelayUntil(status.Next, held);
            status = await Invoke(status, "timer", isPastDue: false, stop);
        }
    }

    async Task<ScheduleStatus> Invoke(ScheduleStatus status, string reason, bool isPastDue, CancellationToken stop)
    {
        var started = DateTime.UtcNow;
        if (reason == "timer" && status.Next > started)
            started = status.Next;   // a timer may be early by a little: this is still the occurrence it was set for
        var timer = new TimerInfo { ScheduleStatus = monitored ? status : null, IsPastDue = isPastDue };
        await invoker.Invoke(function, new TriggerInput(timer, reason, TriggerInput.NoBindingData), stop);
        var next = new ScheduleStatus { Last = started, Next = schedule.Next(started), LastUpdated = started };
        if (monitored)
        {
            await Attempt(async () =>
            {
                await blobs.WriteStatus(next);
                return next;
            });
        }

        return next;
    }

    static async Task DelayUntil(DateTime utc, CancellationToken stop)
    {
        for (var left = utc - DateTime.UtcNow; left > TimeSpan.Zero; left = utc - DateTime.UtcNow)
            await Task.Delay(left < LongestDelay ? left : LongestDelay, stop);
    }

    async Task Renew(BlobLeaseClient lease, CancellationTokenSource lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(singleton.LockPeriod / 2, lost.Token);
                await lease.RenewAsync(cancellationToken: lost.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // no longer needed
        }
        catch (RequestFailedException exception)
        {
            LockLost(logger, function.Name, exception.Message);
            await lost.CancelAsync();
        }
    }

    async Task<T?> Attempt<T>(Func<Task<T?>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
        {
            StorageFailed(logger, function.Name, exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: storage: {Error}")]
    static partial void StorageFailed(ILogger logger, string function, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: the lock was lost, another host may run this timer: {Error}")]
    static partial void LockLost(ILogger logger, string function, string error);
}
