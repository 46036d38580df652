using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>The last entries of a vault's log, up to a state and not beyond it.</summary>
public sealed class LogEnds(LogTable log)
{
    /// <summary>At most <see cref="AtomFeed.LookedThrough"/>, in their order.</summary>
    public async Task<IReadOnlyList<LogEntry>> Of(VaultState state, CancellationToken stop)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in log.ReadFrom(state.Id, Math.Max(1, state.Sequence - AtomFeed.LookedThrough + 1), stop))
        {
            if (entry.Sequence > state.Sequence)
                break;
            entries.Add(entry);
        }

        return entries;
    }
}
