using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>
/// All series of a vault, or all its tranches: arrays side by side, one place ("slot") a class, and for each open round an array with the stake of a unit of each class. So a
/// round's result runs once through two arrays. A slot that is free has no units, no stakes, and is used again.
/// Tables that were forked share their arrays until one of them writes.
/// </summary>
internal sealed class UnitTable
{
    private const int SmallestCapacity = 8;

    private UnitClass?[] _classes = [];
    private UnitState[] _states = [];
    private UnitInRounds[] _inRounds = [];

    /// <summary>The slots in use, in the order of the books.</summary>
    private List<int> _order = [];
    private Stack<int> _free = [];

    /// <summary>s_r by open round (in their order) and slot; 0: no part. Shorter than the table where the last classes have no part.</summary>
    private List<Int128[]> _stakes = [];

    /// <summary>Columns of resolved rounds, to be used again.</summary>
    private Stack<Int128[]> _spareColumns = [];
    private int _slots;
    private bool _sharesClasses;
    private bool _sharesStakes;

    /// <summary>The slots in use, in the order of the books. Not valid any more after <see cref="Add"/> or <see cref="Remove"/>.</summary>
    public ReadOnlySpan<int> Order => CollectionsMarshal.AsSpan(_order);

    /// <summary>One more than the last slot ever in use.</summary>
    public int Slots => _slots;

    public ReadOnlySpan<UnitState> States => _states.AsSpan(0, _slots);

    public ReadOnlySpan<UnitInRounds> InRounds => _inRounds.AsSpan(0, _slots);

    public UnitClass ClassAt(int slot) => _classes[slot]!;

    public Units UnitsAt(int slot) => new(_inRounds[slot].Units);

    /// <summary>How many holders the classes have together; one of two classes counts twice.</summary>
    public int Holdings
    {
        get
        {
            var holdings = 0;
            foreach (var slot in _order) holdings += ClassAt(slot).Holders.Holders.Length;
            return holdings;
        }
    }

    /// <summary>v, with what rounds gave since the last settlement.</summary>
    public Nmr ValueAt(int slot) => _states[slot].Value + Nmr.FromWei(_inRounds[slot].Result);

    /// <summary>u = v − p − Σ locked.</summary>
    public Nmr FreeAt(int slot) => ValueAt(slot) - _states[slot].Paid - Nmr.FromWei(_inRounds[slot].Locked);

    /// <summary>v + y − p.</summary>
    public Nmr WorthAt(int slot) => _states[slot].Worth + Nmr.FromWei(_inRounds[slot].Result);

    /// <summary>The stakes of a round, by slot; may end before the last.</summary>
    public ReadOnlySpan<Int128> StakesIn(int round) => _stakes[round].AsSpan(0, Math.Min(_stakes[round].Length, _slots));

    public Nmr StakeAt(int round, int slot) => slot < _stakes[round].Length ? Nmr.FromWei(_stakes[round][slot]) : Nmr.Zero;

    public bool IsInARound(int slot)
    {
        foreach (var stakes in _stakes)
        {
            if (slot < stakes.Length && stakes[slot] != 0) return true;
        }

        return false;
    }

    /// <summary>The slot of a class, or -1.</summary>
    public int Find(SeriesId series, Week? exitWeek)
    {
        var place = PlaceOf(series, exitWeek);
        return place < 0 ? -1 : _order[place];
    }

    public Span<UnitState> Change()
    {
        OwnClasses();
        return _states.AsSpan(0, _slots);
    }

    public Span<UnitInRounds> ChangeInRounds()
    {
        OwnClasses();
        return _inRounds.AsSpan(0, _slots);
    }

    /// <summary>Other holders of a class.</summary>
    public void Change(int slot, UnitClass changed)
    {
        OwnClasses();
        _classes[slot] = changed;
        _inRounds[slot].Units = changed.Holders.Total.Count;
    }

    /// <summary>A class that isn't there yet. Returns its slot.</summary>
    public int Add(UnitClass added, in UnitState state)
    {
        OwnClasses();
        var place = ~PlaceOf(added.Series, added.ExitWeek);
        if (!_free.TryPop(out var slot))
        {
            slot = _slots++;
            if (slot == _classes.Length) Grow();
        }

        _classes[slot] = added;
        _states[slot] = state;
        _inRounds[slot] = new UnitInRounds { Units = added.Holders.Total.Count };
        _order.Insert(place, slot);
        return slot;
    }

    public void Remove(int slot)
    {
        OwnClasses();
        _order.RemoveAt(PlaceOf(_classes[slot]!.Series, _classes[slot]!.ExitWeek));
        _classes[slot] = null;
        _states[slot] = default;
        _inRounds[slot] = default;
        _free.Push(slot);
        if (!IsInARound(slot)) return;
        OwnStakes();
        foreach (var stakes in _stakes)
        {
            if (slot < stakes.Length) stakes[slot] = 0;
        }
    }

    /// <summary>Units of <paramref name="from"/> are now in this slot too: the same parts in the same rounds.</summary>
    public void JoinRoundsOf(int slot, UnitTable from, int fromSlot)
    {
        _inRounds[slot].Locked = from._inRounds[fromSlot].Locked;
        _inRounds[slot].Result = from._inRounds[fromSlot].Result;
        for (var round = 0; round < _stakes.Count; round++)
        {
            if (from.StakeAt(round, fromSlot) is { IsZero: false } stake) SetStake(round, slot, stake);
        }
    }

    public void SetStake(int round, int slot, Nmr stake)
    {
        OwnStakes();
        if (slot >= _stakes[round].Length)
        {
            var longer = NewStakes();
            longer.AsSpan().Clear();
            _stakes[round].CopyTo(longer, 0);
            _stakes[round] = longer;
        }

        _stakes[round][slot] = stake.Value;
    }

    /// <summary>An array for the stakes of the next round. The caller fills all slots; beyond the last slot it is zero.</summary>
    public Int128[] NewStakes() => _spareColumns.TryPop(out var column) && column.Length == _classes.Length ? column : new Int128[_classes.Length];

    /// <summary>A round closes with these stakes.</summary>
    public void OpenRound(Int128[] stakes) => _stakes.Add(stakes);

    /// <summary>A round closes in which no class of the table has a part.</summary>
    public void OpenRound() => _stakes.Add([]);

    /// <summary>The round is over; its stakes are unlocked already.</summary>
    public void RemoveRound(int round)
    {
        var column = _stakes[round];
        _stakes.RemoveAt(round);
        if (!_sharesStakes && column.Length == _classes.Length) _spareColumns.Push(column);
    }

    public UnitTable Fork()
    {
        _sharesClasses = _sharesStakes = true;
        var fork = (UnitTable)MemberwiseClone();
        fork._stakes = [.. _stakes];
        fork._spareColumns = [];
        return fork;
    }

    private void Grow()
    {
        var capacity = Math.Max(SmallestCapacity, _classes.Length * 2);
        Array.Resize(ref _classes, capacity);
        Array.Resize(ref _states, capacity);
        Array.Resize(ref _inRounds, capacity);
    }

    private void OwnClasses()
    {
        if (!_sharesClasses) return;
        _sharesClasses = false;
        _classes = [.. _classes];
        _states = [.. _states];
        _inRounds = [.. _inRounds];
        _order = [.. _order];
        _free = new(_free.Reverse());
    }

    private void OwnStakes()
    {
        if (!_sharesStakes) return;
        _sharesStakes = false;
        for (var round = 0; round < _stakes.Count; round++) _stakes[round] = [.. _stakes[round]];
        _spareColumns = [];
    }

    /// <summary>The place in the order, or the complement of where the class would be.</summary>
    private int PlaceOf(SeriesId series, Week? exitWeek)
    {
        var (low, high) = (0, _order.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var compared = _classes[_order[middle]]!.CompareTo(series, exitWeek);
            if (compared == 0) return middle;
            if (compared < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
