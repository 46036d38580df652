using System.Diagnostics;

namespace Backstake.Benchmarks.Scale;

/// <summary>What work took together: time, and of it this process's own processor time.</summary>
internal sealed class Cost
{
    public double Seconds { get; private set; }

    public TimeSpan Processor { get; private set; }

    public async Task Add(Func<Task> work)
    {
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await work();
        Seconds += watch.Elapsed.TotalSeconds;
        Processor += Environment.CpuUsage.TotalTime - before;
    }
}
