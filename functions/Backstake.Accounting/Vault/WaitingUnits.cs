using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>Units that wait for the next settlement. Forks share what they hold until one of them writes.</summary>
internal sealed class WaitingUnits
{
    private Dictionary<WaitingId, Units> _units = [];
    private bool _shares;

    public bool IsEmpty => _units.Count == 0;

    public Units Of(WaitingId id) => _units.GetValueOrDefault(id);

    /// <summary>In no order.</summary>
    public IEnumerable<KeyValuePair<WaitingId, Units>> All => _units;

    /// <summary>By terms, payout and backer.</summary>
    public KeyValuePair<WaitingId, Units>[] Sorted()
    {
        KeyValuePair<WaitingId, Units>[] sorted = [.. _units];
        sorted.AsSpan().Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return sorted;
    }

    public void Set(WaitingId id, Units units)
    {
        if (_shares) _units = new(_units);
        _shares = false;
        if (units.IsZero) _units.Remove(id);
        else CollectionsMarshal.GetValueRefOrAddDefault(_units, id, out _) = units;
    }

    public void Clear()
    {
        if (_shares) _units = [];
        else _units.Clear();
        _shares = false;
    }

    public WaitingUnits Fork()
    {
        _shares = true;
        return (WaitingUnits)MemberwiseClone();
    }
}
