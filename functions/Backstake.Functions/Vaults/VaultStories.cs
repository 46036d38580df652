using System.Collections.Concurrent;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>Vaults' stories, read on from what is known in this process. The first one who asks for a vault waits for its whole log.</summary>
public sealed class VaultStories(LogTable log)
{
    readonly ConcurrentDictionary<string, VaultStory> known = new(StringComparer.Ordinal);

    /// <summary>Up to the state, and not beyond it (unless more is known already).</summary>
    /// <exception cref="LogDamagedException">The log isn't what was written.</exception>
    public async Task<VaultStory> Of(VaultState state, CancellationToken stop)
    {
        var story = known.GetValueOrDefault(state.Id) ?? VaultStory.Of(state.Id);
        if (story.State.Sequence >= state.Sequence)
            return story;
        try
        {
            await foreach (var entry in log.Read(state.Id, story.State.Sequence, story.State.Chain, stop))
            {
                if (entry.Sequence > state.Sequence)
                    break;
                story = story.Apply(entry);
            }
        }
        catch (LogDamagedException)
        {
            known.TryRemove(state.Id, out _); // what is known may be of a log that isn't there any more
            throw;
        }

        return known[state.Id] = story;
    }
}
