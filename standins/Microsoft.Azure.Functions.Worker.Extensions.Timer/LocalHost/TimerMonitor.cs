namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>Whether an occurrence was missed, from the status that was kept (the host's ScheduleMonitor).</summary>
static class TimerMonitor
{
    /// <summary>The status to go on from, and whether its <c>Next</c> has passed. A schedule that changed since counts anew from its last run.</summary>
    public static (ScheduleStatus Status, bool IsNew, bool IsPastDue) Check(ScheduleStatus? kept, TimerSchedule schedule, DateTime nowUtc)
    {
        if (kept is null)
            return (new ScheduleStatus { Next = schedule.Next(nowUtc), LastUpdated = nowUtc }, IsNew: true, IsPastDue: false);

        var since = kept.Last != default ? kept.Last : kept.LastUpdated != default ? kept.LastUpdated : nowUtc;
        var expected = schedule.Next(since);
        if (kept.Next == expected)
            return (kept, IsNew: false, nowUtc > expected);

        if (nowUtc > expected)
            (expected, since) = (schedule.Next(nowUtc), nowUtc);
        return (new ScheduleStatus { Next = expected, LastUpdated = since }, IsNew: true, IsPastDue: false);
    }
}
