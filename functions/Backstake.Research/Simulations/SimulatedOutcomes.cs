using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>The outcomes of many paths, as percentiles of each side by itself.</summary>
public sealed class SimulatedOutcomes(IReadOnlyCollection<Outcome> outcomes)
{
    /// <summary>What is shown of them.</summary>
    public static readonly IReadOnlyList<int> Percents = [5, 50, 95];

    private readonly Nmr[] _backer = [.. outcomes.Select(one => one.BackerGain).Order()];
    private readonly Nmr[] _owner = [.. outcomes.Select(one => one.OwnerGain).Order()];

    public int Count => _backer.Length;

    /// <summary>The smallest gain of the backer that so many percent of the paths don't exceed.</summary>
    public Nmr Backer(int percent) => At(_backer, percent);

    /// <summary>The same of the owner.</summary>
    public Nmr Owner(int percent) => At(_owner, percent);

    private static Nmr At(Nmr[] sorted, int percent) => sorted[(((sorted.Length * percent) + 99) / 100) - 1];
}
