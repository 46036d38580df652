namespace Backstake.Research;

/// <summary>The return of each model in each round, on the stake of that round. A gap (the model did not take part) is NaN. Rounds ascend.</summary>
public sealed class ReturnTable
{
    /// <summary>A round's result is known so many rounds after it opened: 20 days of the market and a few to publish, at five rounds a week (NUMERAI.md, "Rounds").</summary>
    public const int ResolutionLag = 24;

    private readonly double[][] byModel;

    public ReturnTable(IReadOnlyList<int> rounds, IReadOnlyList<string> models, double[][] byModel)
    {
        if (byModel.Length != models.Count || byModel.Any(returns => returns.Length != rounds.Count)) throw new ArgumentException("One return for each model and round.", nameof(byModel));
        for (var i = 1; i < rounds.Count; i++)
        {
            if (rounds[i] <= rounds[i - 1]) throw new ArgumentException("Rounds ascend.", nameof(rounds));
        }

        (Rounds, Models, this.byModel) = (rounds, models, byModel);
    }

    public IReadOnlyList<int> Rounds { get; }

    public IReadOnlyList<string> Models { get; }

    /// <summary>Of one model, in the order of <see cref="Rounds"/>.</summary>
    public ReadOnlySpan<double> this[int model] => byModel[model];

    public double this[int model, int round] => byModel[model][round];

    /// <summary>Both files hold the same models; a round that is in one only is a gap of all, and left out.</summary>
    public static ReturnTable From(ScoreTable corr, ScoreTable mmc, PayoutRule rule)
    {
        var unpaired = corr.Models.Except(mmc.Models).Concat(mmc.Models.Except(corr.Models)).ToArray();
        if (unpaired.Length > 0) throw new ResearchInputException($"{corr.Name} and {mmc.Name} have different models: {string.Join(", ", unpaired)} in one of them only.");
        var mmcColumn = mmc.Models.Select((model, column) => (model, column)).ToDictionary(m => m.model, m => m.column);
        int[] rounds = [.. corr.Rows.Keys.Where(mmc.Rows.ContainsKey)];
        if (rounds.Length == 0) throw new ResearchInputException($"{corr.Name} and {mmc.Name} have no round in common.");
        return new ReturnTable(rounds, corr.Models, [.. corr.Models.Select((model, column) => rounds.Select(round => rule.Return(corr.Rows[round][column], mmc.Rows[round][mmcColumn[model]])).ToArray())]);
    }

    /// <summary>What is known once round <paramref name="until"/> has opened: the rounds up to <paramref name="until"/> − <paramref name="lag"/>.</summary>
    public ReturnTable KnownAt(int until, int lag = ResolutionLag) => Between(int.MinValue, until - lag);

    public ReturnTable Between(int first, int last)
    {
        int[] kept = [.. Enumerable.Range(0, Rounds.Count).Where(i => Rounds[i] >= first && Rounds[i] <= last)];
        return new ReturnTable([.. kept.Select(i => Rounds[i])], Models, [.. byModel.Select(returns => kept.Select(i => returns[i]).ToArray())]);
    }

    /// <summary>Of these models, in this order; throws <see cref="ResearchInputException"/> for one that isn't there.</summary>
    public ReturnTable Of(IReadOnlyList<string> models) => new(Rounds, models, [.. models.Select(model => byModel[IndexOf(model)])]);

    public int IndexOf(string model)
    {
        for (var i = 0; i < Models.Count; i++)
        {
            if (Models[i] == model) return i;
        }

        throw new ResearchInputException($"There are no scores of {model}.");
    }

    /// <summary>Those returns of a model that exist, in order.</summary>
    public double[] Submitted(int model) => [.. byModel[model].Where(r => !double.IsNaN(r))];
}
