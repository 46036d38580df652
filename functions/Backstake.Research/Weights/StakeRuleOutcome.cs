namespace Backstake.Research;

/// <summary>What a rule does to a field.</summary>
/// <param name="Mean">Of the weighted average of returns, a round.</param>
/// <param name="Drawdown">Of its running sum.</param>
/// <param name="Herfindahl">Σ of squared shares of accounts: 1/n when n count alike, 1 when one is all.</param>
/// <param name="TopShare">What the 15 accounts of greatest weight make up.</param>
/// <param name="SybilGain">How much more the greatest account counts after splitting itself into ten with one tenth of each model's stake each; 0: nothing.</param>
/// <param name="Payouts">What each account earns in all rounds if as much stake as before is at risk in total, shared by weight; NMR.</param>
public sealed record StakeRuleOutcome(string Rule, double Mean, double Drawdown, double Herfindahl, double TopShare, double SybilGain, IReadOnlyDictionary<string, double> Payouts)
{
    private const int Top = 15;
    private const int Splits = 10;

    public static StakeRuleOutcome Of(StakeRule rule, StakedField field)
    {
        var stakes = field.Stakes;
        if (stakes.Count == 0 || stakes.Any(s => !double.IsFinite(s.Stake) || s.Stake < 0) || stakes.Sum(s => s.Stake) <= 0) throw new ResearchInputException("Stakes are finite, none negative, and not all nothing.");
        var weights = Shares(rule, stakes);
        var returns = field.Returns.Of([.. stakes.Select(s => s.Model)]); // in the order of the stakes
        var average = Average(returns, weights);
        var accounts = stakes.Select((s, i) => (s.Account, Weight: weights[i])).GroupBy(x => x.Account).ToDictionary(g => g.Key, g => g.Sum(x => x.Weight));
        var pool = stakes.Sum(s => s.Stake);
        var payouts = stakes.Select((s, i) => (s.Account, Paid: pool * weights[i] * Sum(returns[i]))).GroupBy(x => x.Account).ToDictionary(g => g.Key, g => g.Sum(x => x.Paid));
        return new StakeRuleOutcome(
            rule.Name, average.Average(), Risk.MaxDrawdown(average), accounts.Values.Sum(w => w * w), accounts.Values.OrderDescending().Take(Top).Sum(), Sybil(rule, stakes), payouts);
    }

    private static double Sybil(StakeRule rule, IReadOnlyList<StakedModel> stakes)
    {
        var whale = stakes.GroupBy(s => s.Account).MaxBy(g => g.Sum(s => s.Stake))!.Key;
        StakedModel[] split = [.. stakes.SelectMany(s => s.Account != whale ? [s] : Enumerable.Range(1, Splits).Select(i => s with { Model = $"{s.Model}/{i}", Account = $"{whale}/{i}", Stake = s.Stake / Splits }))];
        double Counts(IReadOnlyList<StakedModel> all) => Shares(rule, all).Zip(all).Where(x => x.Second.Account == whale || x.Second.Account.StartsWith(whale + "/", StringComparison.Ordinal)).Sum(x => x.First);
        return (Counts(split) / Counts(stakes)) - 1;
    }

    private static double[] Shares(StakeRule rule, IReadOnlyList<StakedModel> stakes)
    {
        var weights = rule.Weigh(stakes);
        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    private static double[] Average(ReturnTable returns, double[] weights)
    {
        var average = new double[returns.Rounds.Count];
        for (var t = 0; t < average.Length; t++)
        {
            var (sum, weight) = (0.0, 0.0);
            for (var m = 0; m < weights.Length; m++)
            {
                if (double.IsNaN(returns[m, t])) continue;
                sum += weights[m] * returns[m, t];
                weight += weights[m];
            }

            average[t] = weight > 0 ? sum / weight : 0;
        }

        return average;
    }

    private static double Sum(ReadOnlySpan<double> series)
    {
        var sum = 0.0;
        foreach (var x in series) sum += double.IsNaN(x) ? 0 : x;
        return sum;
    }
}
