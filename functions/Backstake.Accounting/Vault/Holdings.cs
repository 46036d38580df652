using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>Who has how many units. Nobody is listed with none.</summary>
public sealed class Holdings
{
    public static readonly Holdings None = new([], Units.Zero);

    /// <summary>Sorted by backer: small, and quick to go through.</summary>
    private readonly KeyValuePair<Backer, Units>[] _holders;
    private ImmutableSortedDictionary<Backer, Units>? _byBacker;

    private Holdings(KeyValuePair<Backer, Units>[] holders, Units total)
    {
        _holders = holders;
        Total = total;
    }

    public ImmutableSortedDictionary<Backer, Units> ByBacker => _byBacker ??= _holders.ToImmutableSortedDictionary();

    public Units Total { get; }

    /// <summary>In the order of the backers.</summary>
    internal ReadOnlySpan<KeyValuePair<Backer, Units>> Holders => _holders;

    public Units Of(Backer backer) => PlaceOf(backer) is >= 0 and var place ? _holders[place].Value : Units.Zero;

    /// <summary>Each backer once, in their order, with at least one unit.</summary>
    internal static Holdings Of(KeyValuePair<Backer, Units>[] holders)
    {
        var total = Units.Zero;
        foreach (var holder in holders) total += holder.Value;
        return new(holders, total);
    }

    internal Holdings Add(Backer backer, Units units)
    {
        if (units.IsZero) return this;
        var place = PlaceOf(backer);
        if (place >= 0) return With(place, KeyValuePair.Create(backer, _holders[place].Value + units), Total + units);
        return new([.. _holders.AsSpan(0, ~place), KeyValuePair.Create(backer, units), .. _holders.AsSpan(~place)], Total + units);
    }

    internal Holdings Take(Backer backer, Units units)
    {
        var place = PlaceOf(backer);
        var left = Of(backer) - units;
        if (!left.IsZero) return With(place, KeyValuePair.Create(backer, left), Total - units);
        return new([.. _holders.AsSpan(0, place), .. _holders.AsSpan(place + 1)], Total - units);
    }

    /// <summary>Takes what others have, who all have as much here.</summary>
    internal Holdings Take(Holdings others)
    {
        var left = new List<KeyValuePair<Backer, Units>>(_holders.Length);
        var other = 0;
        foreach (var holder in _holders)
        {
            var isOther = other < others._holders.Length && others._holders[other].Key == holder.Key;
            var units = isOther ? holder.Value - others._holders[other++].Value : holder.Value;
            if (!units.IsZero) left.Add(KeyValuePair.Create(holder.Key, units));
        }

        return new([.. left], Total - others.Total);
    }

    private Holdings With(int place, KeyValuePair<Backer, Units> holder, Units total)
    {
        KeyValuePair<Backer, Units>[] holders = [.. _holders];
        holders[place] = holder;
        return new(holders, total);
    }

    /// <summary>The place of a backer, or the complement of where it would be.</summary>
    private int PlaceOf(Backer backer)
    {
        var (low, high) = (0, _holders.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var compared = _holders[middle].Key.CompareTo(backer);
            if (compared == 0) return middle;
            if (compared < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
