using System.Collections.Concurrent;

namespace Backstake.Functions.Hosting;

/// <summary>One gate for each name: of this process's steps, one at a time is within. What other processes do is settled by ETags; this spares those that would only race each other.</summary>
public sealed class Gates
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>Waits until nobody else is within; disposing of what is returned lets the next one in. Whoever is within ends within the limit of its own step, so the wait can't be stopped.</summary>
    public async Task<IDisposable> Enter(string name)
    {
        var gate = gates.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(CancellationToken.None);
        return new Within(gate);
    }

    sealed class Within(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
