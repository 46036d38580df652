namespace Backstake.Research;

/// <summary>A kind of field on which <see cref="Calibration"/> counts.</summary>
/// <param name="Future">Rounds in which the five best of each ranking are then watched.</param>
/// <param name="Fields">As documented; the last run in full is in docs/research.md.</param>
/// <param name="QuickFields">As in every test run.</param>
/// <param name="IsLikeReal">Skill is spread as among real models: then false discoveries are few in all fields together too, not only in the mean of a field.</param>
/// <param name="IsRankingTest">As large and as young as a leaderboard: then ranking by shrunk value must pay.</param>
/// <param name="HasSkill">False: all are alike, and no interval can be too narrow.</param>
public sealed record CalibrationCase(
    string Name, string Description, FieldMoments Moments, int Models, int Past, int Future, int Seed, int Fields, int QuickFields, bool IsLikeReal = false, bool IsRankingTest = false, bool HasSkill = true)
{
    private static readonly FieldMoments Real = new();

    public static IReadOnlyList<CalibrationCase> All { get; } =
    [
        new("real", "23 models with the moments of the real ones, 295 rounds", Real, 23, 295, 100, 1_000, 500, 200, IsLikeReal: true),
        new("young", "the same, half of them younger", Real with { YoungShare = 0.5 }, 23, 295, 100, 2_000, 500, 200, IsLikeReal: true),
        new("short", "the same, only 100 rounds", Real, 23, 100, 100, 3_000, 500, 200, IsLikeReal: true),
        new("half", "200 models, most young, half of them below zero", Real with { YoungShare = 0.8, MeanSkill = 0 }, 200, 295, 100, 4_000, 500, 60),
        new("poor", "200 models, most young, three quarters below zero", Real with { YoungShare = 0.8, MeanSkill = -0.005 }, 200, 295, 100, 5_000, 500, 60),
        new("luck", "200 models that hardly differ, half of them below zero", Real with { MeanSkill = 0, SkillDeviation = 0.0005 }, 200, 295, 100, 6_000, 500, 60, HasSkill: false),
        new("leaderboard", "2,000 models, nine of ten young, watched for a year of rounds", Real with { YoungShare = 0.9 }, 2_000, 295, 260, 7_000, 500, 80, IsLikeReal: true, IsRankingTest: true),
    ];

    public Calibration Run(int fields) => Calibration.Run(Moments, fields, Models, Past, Future, Seed);
}
