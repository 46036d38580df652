using Backstake.Research;

namespace Backstake.Functions.Submissions.Intake;

/// <summary>What a delegate is told of a file that was taken.</summary>
/// <param name="Hash">SHA-256 of the file, 64 lower-case hex digits: what will be committed on chain.</param>
/// <param name="Version">The how many-th stored file of the round it is; the last one before the deadline counts.</param>
/// <param name="IdsChecked">False while the round's live ids aren't known: they are checked before the file is submitted.</param>
public sealed record StoredAnswer(
    string Vault, int Round, int Tournament, DateTimeOffset? ClosesStaking, string Hash, int Version, DateTimeOffset StoredAt, bool IdsChecked,
    IReadOnlyList<PredictionWarning> Warnings, PredictionStatistics Statistics);
