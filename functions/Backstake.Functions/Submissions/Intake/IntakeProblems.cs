using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Research;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Submissions.Intake;

/// <summary>Why predictions aren't taken.</summary>
static class IntakeProblems
{
    public static readonly ProblemKind NotDelegateKind = new("notDelegate", 403, "You may not submit for this vault.");
    public static readonly ProblemKind UnknownRoundKind = new("unknownRound", 404, "There is no such round.");
    public static readonly ProblemKind RoundOverKind = new("roundOver", 409, "The round's deadline is over.");
    public static readonly ProblemKind RoundStakedKind = new("roundStaked", 409, "The round is staked on another file.");
    public static readonly ProblemKind NotSubmittableKind = new("roundNotSubmittable", 409, "The round takes no submission now.");
    public static readonly ProblemKind NotCsvKind = new("predictionsNotCsv", 415, "The file isn't comma-separated text.");
    public static readonly ProblemKind InvalidKind = new("predictionsInvalid", 422, "The predictions break the tournament's rules.");
    public static readonly ProblemKind QuotaKind = new("uploadQuota", 429, "The round has as many versions as are kept.");

    public static ObjectResult NotDelegate(string vault) => NotDelegateKind.Of($"A key with the scope submit:{vault} that the vault's owner made, or the owner's session, is needed.");

    public static ObjectResult UnknownRound(string asked) => UnknownRoundKind.Of($"{Shown(asked)} is neither next, nor the open round, nor the one that opens next.", "round");

    /// <param name="keptHash">The file is kept apart, and counts for no round; null: it isn't kept.</param>
    public static ObjectResult RoundOver(int round, DateTimeOffset? closed, string? keptHash) => RoundOverKind.Of(
        $"Round {round} {(closed is { } at ? $"closed at {UtcText.Of(at)}" : "is over")}. {(keptHash is null ? "Nothing was stored." : "The file is kept apart and counts for no round; send it again for the next, if it is meant for that.")}",
        "round", keptHash is null ? [] : [("hash", keptHash)]);

    public static ObjectResult RoundStaked(int round, string? keptHash) => RoundStakedKind.Of(
        $"The stake of round {round} is bound to the hash of the file that was submitted before it; nothing can replace that any more. The new file is kept apart and counts for no round.",
        "round", keptHash is null ? [] : [("hash", keptHash)]);

    public static ObjectResult NotSubmittable(int round) => NotSubmittableKind.Of($"Round {round} can be submitted from its opening to its deadline.", "round");

    public static ObjectResult NotCsv(string format) => NotCsvKind.Of($"By its bytes it is {format}. Send the predictions as CSV: UTF-8 text, two columns, not packed.", "body");

    public static ObjectResult Invalid(IReadOnlyList<PredictionError> errors) => InvalidKind.Of(
        $"Nothing was stored. The first {errors.Count} errors are listed by line and column.", "body", ("errors", errors));

    public static ObjectResult Quota(int round) => QuotaKind.Of(
        $"{PredictionStore.VersionsMost} versions of round {round} are kept. The last one counts; the next round has a quota of its own.", "round");

    static string Shown(string asked) => asked.Length <= 20 ? asked : asked[..20] + "…";
}
