using System.Text.Json.Serialization;
using Backstake.Research;

namespace Backstake.Functions.Submissions.Record;

/// <summary>What backers see of a submitted file: its hash, how its values lie, and how it compares with the file of the round before. Never a prediction.</summary>
/// <param name="Distance">As <see cref="DistributionDistance"/>; null: there is no file before it.</param>
/// <param name="Churn">1 − Spearman on common ids; null: Classic, whose ids change every round, or too few in common.</param>
public sealed record FileComparison(int Round, string Hash, PredictionStatistics Statistics, double? Distance, double? Churn)
{
    [JsonIgnore]
    public IEnumerable<ConsistencyBreak> Breaks
    {
        get
        {
            if (Distance >= DistributionDistance.Most)
                yield return new(Round, BreakKind.Distribution, Distance.Value, DistributionDistance.Most);
            if (Churn >= Research.Churn.SignalsChurnMost)
                yield return new(Round, BreakKind.Churn, Churn.Value, Research.Churn.SignalsChurnMost);
        }
    }
}
