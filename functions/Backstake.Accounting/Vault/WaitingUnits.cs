using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>
/// Units that wait for the next settlement. A fork shares what it goes on from, in layers that nobody changes any more, each at least twice as large as the one above it: whoever forks
/// for every event pays a logarithm for it, not a copy of all that waits.
/// </summary>
internal sealed class WaitingUnits
{
    /// <summary>What was set since the layers below; zero hides what they say.</summary>
    private Dictionary<WaitingId, Units> _units = [];
    private Layer? _below;
    private bool _shares;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>In no order.</summary>
    public IEnumerable<KeyValuePair<WaitingId, Units>> All => _below is null ? _units : Merged(_units, _below);

    public Units Of(WaitingId id) => _units.TryGetValue(id, out var units) ? units : Below(id);

    /// <summary>By terms, payout and backer.</summary>
    public KeyValuePair<WaitingId, Units>[] Sorted()
    {
        KeyValuePair<WaitingId, Units>[] sorted = [.. All];
        sorted.AsSpan().Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return sorted;
    }

    public void Set(WaitingId id, Units units)
    {
        if (_shares) Leave();
        ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(_units, id, out var isSet);
        Count += (units.IsZero ? 0 : 1) - ((isSet ? set : Below(id)).IsZero ? 0 : 1);
        set = units;
        if (units.IsZero && _below is null) _units.Remove(id);
    }

    public void Clear()
    {
        if (_shares) _units = [];
        else _units.Clear();
        (_below, Count, _shares) = (null, 0, false);
    }

    public WaitingUnits Fork()
    {
        _shares = true;
        return (WaitingUnits)MemberwiseClone();
    }

    private Units Below(WaitingId id)
    {
        for (var layer = _below; layer is not null; layer = layer.Below)
        {
            if (layer.Units.TryGetValue(id, out var units)) return units;
        }

        return Units.Zero;
    }

    /// <summary>What others see, too, becomes a layer; and with it those that aren't twice as large.</summary>
    private void Leave()
    {
        var (units, below) = (_units, _below);
        while (below is not null && below.Units.Count < 2 * units.Count) (units, below) = (Merged(units, below with { Below = null }, isLowest: below.Below is null), below.Below);
        _below = units.Count == 0 ? below : new Layer(units, below);
        (_units, _shares) = ([], false);
    }

    private static Dictionary<WaitingId, Units> Merged(Dictionary<WaitingId, Units> units, Layer below, bool isLowest = true)
    {
        var merged = below.Below is { } further ? Merged(below.Units, further, isLowest) : new(below.Units);
        foreach (var (id, set) in units)
        {
            if (set.IsZero && isLowest) merged.Remove(id);
            else merged[id] = set;
        }

        return merged;
    }

    private sealed record Layer(Dictionary<WaitingId, Units> Units, Layer? Below);
}
