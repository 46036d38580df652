namespace Backstake.Research;

/// <summary>What became of a file's check. Without errors it is fit to be submitted, and has statistics.</summary>
/// <param name="Errors">The first <see cref="PredictionCheck.ErrorsShown"/>, by line.</param>
/// <param name="Ids">The live ids, in the file's order; empty if there are errors.</param>
/// <param name="Values">Their values.</param>
public sealed record CheckedPredictions(
    IReadOnlyList<PredictionError> Errors, IReadOnlyList<PredictionWarning> Warnings, IReadOnlyList<string> Ids, IReadOnlyList<double> Values, PredictionStatistics? Statistics)
{
    public static CheckedPredictions Refused(IReadOnlyList<PredictionError> errors) => new(errors, [], [], [], null);

    public bool IsFit => Errors.Count == 0;

    /// <summary>Every id of the universe with the rank of its value among the file's live ids, (average rank − ½)/n; ½ where the file has none.</summary>
    public IReadOnlyDictionary<string, double> RankAndFill(IEnumerable<string> universe)
    {
        var ranks = Ranks.TieKept([.. Values]);
        var known = Ids.Select((id, i) => (id, Rank: ranks[i])).ToDictionary(it => it.id, it => it.Rank, StringComparer.Ordinal);
        return universe.ToDictionary(id => id, id => known.GetValueOrDefault(id, 0.5), StringComparer.Ordinal);
    }
}
