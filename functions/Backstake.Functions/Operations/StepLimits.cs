namespace Backstake.Functions.Operations;

/// <summary>How long a step may take: well below the host's functionTimeout (10 minutes in host.json), whose timeouts may never count towards its poison queue (FAULTS.md 3.4).</summary>
/// <param name="Step">Then the step is told to stop.</param>
/// <param name="Whole">Then it is given up, whatever it does: what it appends later fails on the head's ETag.</param>
public sealed record StepLimits(TimeSpan Step, TimeSpan Whole)
{
    public StepLimits() : this(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5))
    {
    }

    /// <exception cref="StepTimeoutException">The step took longer than <see cref="Step"/>.</exception>
    public async Task Run(Func<CancellationToken, Task> step, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Step);
        try
        {
            await step(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new StepTimeoutException(Step);
        }
    }
}

/// <summary>A step didn't end in its time.</summary>
public sealed class StepTimeoutException(TimeSpan limit) : Exception($"The step didn't end within {limit}.");
