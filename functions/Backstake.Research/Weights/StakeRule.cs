namespace Backstake.Research;

/// <summary>Whose stake should count, and how much: weights of models from stakes and accounts. To argue with numbers; none of it is Numerai's.</summary>
/// <param name="Name">As the command prints it.</param>
/// <param name="Meaning">In a sentence.</param>
/// <param name="Weigh">Weights in NMR-like units, one for each stake; only their proportions matter.</param>
public sealed record StakeRule(string Name, string Meaning, Func<IReadOnlyList<StakedModel>, double[]> Weigh)
{
    /// <summary>A hard cap, or the stake at which a personal payout factor is a half, as a part of all stake.</summary>
    public const double CapPart = 0.01;

    /// <summary>NMR that each resolved round of record lets count.</summary>
    public const double NmrARound = 5;

    public static IReadOnlyList<StakeRule> All { get; } =
    [
        new("stake", "every NMR counts alike (as now)", stakes => [.. stakes.Select(s => s.Stake)]),
        new("account x stake", "an account counts with the root of its stake, shared out by stake", stakes => ByAccount(stakes, (total, _) => Math.Sqrt(total))),
        new("track record", $"at most {NmrARound} NMR a model for each resolved round behind it", stakes => [.. stakes.Select(s => Math.Min(s.Stake, NmrARound * s.Record))]),
        new("personal factor", $"an account's payout factor is 1/(1 + its stake / {CapPart:P0} of all stake): the more it has, the less each NMR counts", stakes => ByAccount(stakes, (total, all) => total / (1 + (total / (CapPart * all))))),
        new("hard cap", $"an account counts with at most {CapPart:P0} of all stake", stakes => ByAccount(stakes, (total, all) => Math.Min(total, CapPart * all))),
        new("log stake", "a model counts with ln(1 + stake)", stakes => [.. stakes.Select(s => Math.Log(1 + s.Stake))]),
    ];

    private static double[] ByAccount(IReadOnlyList<StakedModel> stakes, Func<double, double, double> counts)
    {
        var all = stakes.Sum(s => s.Stake);
        var totals = stakes.GroupBy(s => s.Account).ToDictionary(g => g.Key, g => g.Sum(s => s.Stake));
        return [.. stakes.Select(s => totals[s.Account] > 0 ? s.Stake / totals[s.Account] * counts(totals[s.Account], all) : 0)];
    }
}
