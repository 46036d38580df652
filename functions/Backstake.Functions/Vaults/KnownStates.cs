namespace Backstake.Functions.Vaults;

/// <summary>The states that this process remembers, so that a step folds on instead of reading a vault's books again. Those that were used longest ago are forgotten first.</summary>
/// <param name="bytesMost">About how much they take together.</param>
public sealed class KnownStates(long bytesMost = KnownStates.BytesMost)
{
    public const long BytesMost = 32 << 20; // of a worker's 2 GiB: some 800 vaults of a hundred backers
    public const long BytesOfState = 20_000; // about what a state takes without its holdings
    const long BytesOfHolding = 200;

    readonly Lock gate = new();
    readonly Dictionary<string, LinkedListNode<(VaultState State, long Bytes)>> states = new(StringComparer.Ordinal);
    readonly LinkedList<(VaultState State, long Bytes)> latestFirst = [];
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

    /// <summary>Also a state larger than all that is kept: until the next vault's.</summary>
    public VaultState Keep(VaultState state)
    {
        lock (gate)
        {
            Remove(state.Id);
            var size = BytesOfState + (BytesOfHolding * (state.OpenBooks?.Holdings ?? 0));
            states[state.Id] = latestFirst.AddFirst((state, size));
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
}
