using Microsoft.Azure.Functions.Worker;

namespace Backstake.StandIns.Worker.TestApp;

public sealed class TimerFunctions(Journal journal)
{
    /// <summary>Monitored when its schedule is a minute or longer.</summary>
    [Function("Sweep")]
    public void Sweep([TimerTrigger("%SweepSchedule%")] TimerInfo timer) => Note("Sweep", timer);

    [Function("Tick")]
    public void Tick([TimerTrigger("%TickSchedule%")] TimerInfo timer) => Note("Tick", timer);

    [Function("AtStart")]
    public void AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) => Note("AtStart", timer);

    void Note(string function, TimerInfo timer) =>
        journal.Add(new { function, pastDue = timer.IsPastDue, next = timer.ScheduleStatus?.Next, at = DateTime.UtcNow, process = Environment.ProcessId });
}
