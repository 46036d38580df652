using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>Who has how many units. Nobody is listed with none.</summary>
public sealed class Holdings
{
    public static readonly Holdings None = new(ImmutableSortedDictionary<Backer, Units>.Empty, Units.Zero);

    private Holdings(ImmutableSortedDictionary<Backer, Units> byBacker, Units total)
    {
        ByBacker = byBacker;
        Total = total;
    }

    public ImmutableSortedDictionary<Backer, Units> ByBacker { get; }

    public Units Total { get; }

    public Units Of(Backer backer) => ByBacker.GetValueOrDefault(backer);

    internal Holdings Add(Backer backer, Units units) => units.IsZero ? this : new(ByBacker.SetItem(backer, Of(backer) + units), Total + units);

    internal Holdings Take(Backer backer, Units units)
    {
        var left = Of(backer) - units;
        return new(left.IsZero ? ByBacker.Remove(backer) : ByBacker.SetItem(backer, left), Total - units);
    }

    internal Holdings Take(Holdings others) => others.ByBacker.Aggregate(this, (left, other) => left.Take(other.Key, other.Value));
}
