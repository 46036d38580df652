namespace Backstake.Research;

/// <summary>
/// What a set of stakes is worth to a metamodel that averages them: the same money on models that say the same is one opinion, however many names it has.
/// </summary>
/// <param name="Breadth">Of the stakes as they are.</param>
/// <param name="BreadthAfter">With the new stake; null where there is none.</param>
/// <param name="Clusters">Models whose returns correlate above <see cref="ClusterCorrelation"/> on average; greatest stake first.</param>
/// <param name="Warnings">For new stake that goes where others already are.</param>
/// <param name="UnstakedButGood">Models without stake that are called good and don't belong to a cluster with stake; best first, one of each cluster.</param>
/// <param name="LookedAt">Models among which those were found, with enough rounds to say anything.</param>
public sealed record MetamodelBenefit(
    StakeBreadth Breadth, StakeBreadth? BreadthAfter, IReadOnlyList<StakeCluster> Clusters, IReadOnlyList<string> Warnings, IReadOnlyList<UnstakedModel> UnstakedButGood, int LookedAt)
{
    public const double ClusterCorrelation = 0.7;

    /// <summary>A cluster with more of the stake than this is one where others already are.</summary>
    public const double CrowdedShare = 0.2;

    /// <summary>The false discovery rate at which a model is called good.</summary>
    public const double Discovery = 0.1;

    /// <param name="returns">Resolved rounds.</param>
    /// <param name="stakes">By model, NMR; models not named have none.</param>
    /// <param name="added">New stake by model, or null.</param>
    public static MetamodelBenefit Of(ReturnTable returns, IReadOnlyDictionary<string, double> stakes, IReadOnlyDictionary<string, double>? added = null)
    {
        foreach (var (model, stake) in stakes.Concat(added ?? new Dictionary<string, double>()))
        {
            returns.IndexOf(model);
            if (!double.IsFinite(stake) || stake < 0) throw new ResearchInputException($"The stake on {model} is no amount of NMR.");
        }

        if (stakes.Values.Sum() <= 0) throw new ResearchInputException("Nothing is staked.");
        var shares = Shares(returns.Models, model => stakes.GetValueOrDefault(model));
        var correlations = Correlations(returns);
        var clusters = Clustered(returns.Models, correlations, shares);
        StakeCluster ClusterOf(string model) => clusters.Single(c => c.Models.Contains(model));
        var warnings = (added ?? new Dictionary<string, double>()).Where(a => a.Value > 0 && ClusterOf(a.Key).Share > CrowdedShare).Select(a => Warning(a.Key, ClusterOf(a.Key))).ToArray();
        var skill = FieldSkill.Of(returns);
        var good = skill.Models.Where(m => m.QValue <= Discovery && stakes.GetValueOrDefault(m.Model) == 0 && ClusterOf(m.Model).Share == 0).GroupBy(m => ClusterOf(m.Model))
            .Select(g => new UnstakedModel(g.First().Model, g.First().Shrunk, g.First().Lower, g.First().Upper, g.First().QValue, [.. g.Key.Models.Where(model => model != g.First().Model)])).ToArray();
        var after = added is null ? null : StakeBreadth.Of(Shares(returns.Models, model => stakes.GetValueOrDefault(model) + added.GetValueOrDefault(model)), correlations);
        return new MetamodelBenefit(StakeBreadth.Of(shares, correlations), after, clusters, warnings, good, skill.Models.Count);
    }

    private static string Warning(string model, StakeCluster cluster) =>
        $"{model} is where others already are: {cluster.Share:P0} of the stake is on {(cluster.Models.Count == 1 ? "it" : $"{string.Join(", ", cluster.Models)}, which move together")}.";

    private static double[] Shares(IReadOnlyList<string> models, Func<string, double> stake)
    {
        double[] all = [.. models.Select(stake)];
        var sum = all.Sum();
        return [.. all.Select(x => x / sum)];
    }

    /// <summary>Over rounds in which both took part; 0 where those are fewer than <see cref="MeanError.LeastRounds"/>.</summary>
    private static double[][] Correlations(ReturnTable returns)
    {
        var n = returns.Models.Count;
        var all = Enumerable.Range(0, n).Select(_ => new double[n]).ToArray();
        for (var i = 0; i < n; i++)
        {
            all[i][i] = 1;
            for (var j = 0; j < i; j++)
            {
                int[] both = [.. Enumerable.Range(0, returns.Rounds.Count).Where(t => !double.IsNaN(returns[i, t] + returns[j, t]))];
                if (both.Length < MeanError.LeastRounds) continue;
                var rho = MathNet.Numerics.Statistics.Correlation.Pearson(both.Select(t => returns[i, t]), both.Select(t => returns[j, t]));
                all[i][j] = all[j][i] = double.IsNaN(rho) ? 0 : rho;
            }
        }

        return all;
    }

    /// <summary>Average linkage: the two clusters whose models correlate most on average are joined, as long as that is above <see cref="ClusterCorrelation"/>.</summary>
    private static StakeCluster[] Clustered(IReadOnlyList<string> models, double[][] correlations, double[] shares)
    {
        var clusters = Enumerable.Range(0, models.Count).Select(m => new List<int> { m }).ToList();
        var average = correlations.Select(row => row.ToList()).ToList(); // between clusters
        while (true)
        {
            var (best, into, from) = (ClusterCorrelation, -1, -1);
            for (var i = 0; i < clusters.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (average[i][j] > best) (best, into, from) = (average[i][j], j, i);
                }
            }

            if (from < 0) break;
            for (var k = 0; k < clusters.Count; k++)
            {
                var joined = ((clusters[into].Count * average[into][k]) + (clusters[from].Count * average[from][k])) / (clusters[into].Count + clusters[from].Count);
                average[into][k] = average[k][into] = joined;
            }

            clusters[into].AddRange(clusters[from]);
            clusters.RemoveAt(from);
            average.RemoveAt(from);
            foreach (var row in average) row.RemoveAt(from);
        }

        return [.. clusters.Select(c => new StakeCluster([.. c.Order().Select(m => models[m])], c.Sum(m => shares[m]))).OrderByDescending(c => c.Share).ThenByDescending(c => c.Models.Count)];
    }
}

/// <summary>Models that move together, and the part of all stake that is on them.</summary>
public sealed record StakeCluster(IReadOnlyList<string> Models, double Share);

/// <summary>How widely stakes are spread.</summary>
/// <param name="Herfindahl">Σ of squared shares of models.</param>
/// <param name="EffectiveModels">1/Σ w_i·w_j·ρ_ij⁺ with negative correlations taken as 0: how many unrelated models of equal weight would spread as widely.</param>
public sealed record StakeBreadth(double Herfindahl, double EffectiveModels)
{
    internal static StakeBreadth Of(double[] shares, double[][] correlations)
    {
        var together = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            for (var j = 0; j < shares.Length; j++) together += shares[i] * shares[j] * Math.Max(0, correlations[i][j]);
        }

        return new StakeBreadth(shares.Sum(w => w * w), 1 / together);
    }
}

/// <summary>A model without stake that is called good: its shrunk expected return with the 90 % interval, and the part of false discoveries among it and all more convincing.</summary>
/// <param name="MovesWith">The others of its cluster, which say the same.</param>
public sealed record UnstakedModel(string Model, double Shrunk, double Lower, double Upper, double QValue, IReadOnlyList<string> MovesWith);
