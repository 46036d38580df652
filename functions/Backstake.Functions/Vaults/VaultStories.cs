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
        if (IsOf(story, state))
            return story;
        try
        {
            // Another look may have brought more than this one knows; or storage has lost it since.
            if (story.State.Sequence > state.Sequence && (await log.Head(state.Id, stop)).Sequence >= story.State.Sequence)
                return story;
            return known[state.Id] = await ReadOn(story.State.Sequence <= state.Sequence ? story : VaultStory.Of(state.Id), state, stop);
        }
        catch (LogDamagedException) when (story.State.Sequence > 0)
        {
            known.TryRemove(state.Id, out _); // what is known may be of a log that isn't there any more
            return known[state.Id] = await ReadOn(VaultStory.Of(state.Id), state, stop);
        }
    }

    async Task<VaultStory> ReadOn(VaultStory story, VaultState state, CancellationToken stop)
    {
        await foreach (var entry in log.Read(state.Id, story.State.Sequence, story.State.Chain, stop))
        {
            if (entry.Sequence > state.Sequence)
                break;
            story = story.Apply(entry);
        }

        return IsOf(story, state) ? story : throw new LogDamagedException($"Vault {state.Id}: what was read of its log isn't what was loaded.");
    }

    static bool IsOf(VaultStory story, VaultState state) => story.State.Sequence == state.Sequence && story.State.Chain.AsSpan().SequenceEqual(state.Chain);
}
