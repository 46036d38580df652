using Backstake.Functions.Storage;

namespace Backstake.Functions.Numerai;

/// <summary>
/// Numerai's tournament API (NUMERAI.md, "API"), as far as the flows use it. Every call ends within its own time limit and throws
/// <see cref="NumeraiException"/> when Numerai can't be reached, answers with errors, or answers with something else than was asked for:
/// an answer is taken whole or not at all.
/// </summary>
public interface INumerai
{
    /// <summary>The round that is open now, or null between rounds.</summary>
    Task<NumeraiRound?> CurrentRound(int tournament, CancellationToken stop);

    /// <summary>A round by its number, also one that has passed, or null if Numerai doesn't have it.</summary>
    Task<NumeraiRound?> Round(int tournament, int number, CancellationToken stop);

    /// <summary>The display name of a model.</summary>
    Task<string> ModelName(string modelId, CancellationToken stop);

    /// <summary>The ids that a submission for the round must hold, each exactly once.</summary>
    /// <remarks>Assumption: they are those of the round's example predictions, the tournament's <c>live_example_preds.csv</c>.</remarks>
    Task<IReadOnlySet<string>> LiveIds(int tournament, int round, CancellationToken stop);

    /// <summary>Uploads the file and creates the submission. Returns its id.</summary>
    Task<string> Submit(int tournament, string modelId, byte[] file, string? triggerId, CancellationToken stop);

    /// <summary>The submissions that Numerai holds for the model.</summary>
    Task<IReadOnlyList<NumeraiSubmission>> Submissions(string modelId, CancellationToken stop);

    /// <summary>The file of a submission, as Numerai holds it.</summary>
    Task<byte[]> Download(string submissionId, CancellationToken stop);

    /// <summary>Numerai's permission to stake at most <paramref name="maxAmountWei"/> on the submission.</summary>
    Task<StakeAuthorisation> Authorise(string submissionId, string staker, System.Numerics.BigInteger maxAmountWei, CancellationToken stop);

    /// <summary>The claim of a resolved round, or null while it isn't resolved.</summary>
    Task<StakeClaim?> Claim(int round, string modelId, string staker, CancellationToken stop);
}

/// <summary>
/// Numerai could not be asked, or answered with something that can't be used: <c>numeraiUnreachable</c>, <c>numeraiLimit</c>, <c>numeraiRefused</c> or <c>numeraiUnreadable</c>.
/// </summary>
public sealed class NumeraiException(string cause, string message, Exception? inner = null) : OutsideException(cause, message, inner)
{
    public static NumeraiException Unreachable(string what, Exception? inner = null) => new("numeraiUnreachable", what, inner);
    public static NumeraiException Limit(string what) => new("numeraiLimit", what);
    public static NumeraiException Refused(string what) => new("numeraiRefused", what);
    public static NumeraiException Unreadable(string what, Exception? inner = null) => new("numeraiUnreadable", what, inner);
}
