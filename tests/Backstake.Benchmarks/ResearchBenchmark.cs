using Backstake.Accounting;
using Backstake.Research;

namespace Backstake.Benchmarks;

/// <summary>Speed of research, on made fields of the size of the real one, and larger.</summary>
internal static class ResearchBenchmark
{
    private const int Rounds = 295;

    public static IEnumerable<Measurement> Run()
    {
        var field = Field(23);
        yield return Measurement.Of("track records: 23 models, 295 rounds, 2,000 paths", () => new TrackRecords().Of(field), 1_000);
        yield return Measurement.Of("the same net of terms: folded by the books", () => new TrackRecords().Of(UnitTrack.NetOf(field, Terms)));
        yield return Measurement.Of("skill or luck: 23 models", () => FieldSkill.Of(field));
        foreach (var objective in PortfolioObjective.All) yield return Measurement.Of($"recommendation, {objective.Name}: 23 models", () => new PortfolioPlanner(objective).Recommend(field, Rounds), 500);

        // Linear: ten times the models may take ten times as long, and half as much again for what doesn't fit into the caches.
        var small = Measurement.Of("track records: 500 models, 100 paths", () => new TrackRecords(paths: 100).Of(Field500), runs: 3);
        yield return small;
        var large = Field(5_000);
        yield return Measurement.Of("track records: 5,000 models, 100 paths (limit: 15 times 500 models)", () => new TrackRecords(paths: 100).Of(large), 15 * small.Milliseconds, runs: 2);
        var fewer = Measurement.Of("recommendation, balanced: 100 models", () => new PortfolioPlanner(PortfolioObjective.Balanced).Recommend(Field100, Rounds), runs: 2);
        yield return fewer;
        yield return Measurement.Of("recommendation, balanced: 500 models (limit: 7.5 times 100 models)", () => new PortfolioPlanner(PortfolioObjective.Balanced).Recommend(Field500, Rounds), 7.5 * fewer.Milliseconds, runs: 1);
    }

    private static readonly Terms Terms = new()
    {
        UnitSize = Nmr.FromNmr(100), ProfitShareBps = new BasisPoints(2_000), LossShareBps = BasisPoints.Zero, ReserveBps = BasisPoints.Zero, Crystallisation = Crystallisation.WeeklyHighWater, CompoundingWeeks = 52,
    };

    private static readonly ReturnTable Field100 = Field(100);
    private static readonly ReturnTable Field500 = Field(500);

    private static ReturnTable Field(int models) => SimulatedField.Make(new FieldMoments(), models, Rounds, 1, seed: 1).Past;
}
