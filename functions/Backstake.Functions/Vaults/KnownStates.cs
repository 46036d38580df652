using System.Collections.Immutable;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>
/// The states that this process remembers, so that a step folds on instead of reading a vault's books again, each with the entries that this process appended last, so that what tells of them needn't read
/// them again. Those that were used longest ago are forgotten first.
/// </summary>
/// <param name="bytesMost">About how much they take together.</param>
public sealed class KnownStates(long bytesMost = KnownStates.BytesMost)
{
    public const long BytesMost = 32 << 20; // of a worker's 2 GiB: some 800 vaults of a hundred backers
    public const long BytesOfState = 20_000; // about what a state takes without its holdings
    const long BytesOfHolding = 200;
    const int EntriesMost = 16;               // a round brings some eight

    readonly Lock gate = new();
    readonly Dictionary<string, LinkedListNode<Known>> states = new(StringComparer.Ordinal);
    readonly LinkedList<Known> latestFirst = [];
    long bytes;

    public VaultState? Find(string vault)
    {
        lock (gate)
        {
            if (!states.TryGetValue(vault, out var node))
                return null;
            latestFirst.Remove(node);
            latestFirst.AddFirst(node);
            return node.Value.State;
        }
    }

    /// <summary>The entries from the one after a place to the state that is remembered; null: they aren't all remembered.</summary>
    public IReadOnlyList<LogEntry>? Entries(string vault, long after)
    {
        lock (gate)
        {
            if (!states.TryGetValue(vault, out var node))
                return null;
            var entries = node.Value.Entries.SkipWhile(entry => entry.Sequence <= after).ToList();
            return entries.Count > 0 && entries[0].Sequence == after + 1 ? entries : null;
        }
    }

    /// <summary>Also a state larger than all that is kept: until the next vault's.</summary>
    /// <param name="appended">The entries that this process has just appended, which the state ends with.</param>
    public VaultState Keep(VaultState state, params IReadOnlyList<LogEntry> appended)
    {
        lock (gate)
        {
            var before = states.TryGetValue(state.Id, out var node) ? node.Value.Entries : [];
            // Where another machine appended between, what is remembered ends.
            ImmutableList<LogEntry> entries = [.. (before.IsEmpty || before[^1].Sequence == state.Sequence - appended.Count ? before.AddRange(appended) : [.. appended]).TakeLast(EntriesMost)];
            Remove(state.Id);
            var size = BytesOfState + (BytesOfHolding * (state.OpenBooks?.Holdings ?? 0));
            states[state.Id] = latestFirst.AddFirst(new Known(state, entries, size));
            bytes += size;
            while (bytes > bytesMost && latestFirst.Count > 1)
                Remove(latestFirst.Last!.Value.State.Id);
            return state;
        }
    }

    public void Forget(string vault)
    {
        lock (gate)
            Remove(vault);
    }

    void Remove(string vault)
    {
        if (!states.Remove(vault, out var node))
            return;
        latestFirst.Remove(node);
        bytes -= node.Value.Bytes;
    }

    sealed record Known(VaultState State, ImmutableList<LogEntry> Entries, long Bytes);
}
