using Backstake.Functions.Storage;

namespace Backstake.Functions.Numerai;

/// <summary>
/// Numerai's tournament API (NUMERAI.md, "API"), as far as the flows use it. Every call ends within its own time limit and throws
/// <see cref="NumeraiException"/> when Numerai can't be reached, answers with errors, or answers with something else than was asked for:
/// an answer is taken whole or not at all. What belongs to a model's account is asked for a vault: with the key that its owner gave for it, or the operator's.
/// </summary>
public interface INumerai
{
    /// <summary>Whose this key is, asked with the key itself: what it may do, and the models of its account.</summary>
    Task<NumeraiAccount> Account(NumeraiKey key, CancellationToken stop);

    /// <summary>The account with whose key the vault's model is submitted: its owner's, if they brought one, else the operator's.</summary>
    /// <exception cref="NumeraiException">Also if Numerai refuses the key itself.</exception>
    Task<ModelAccount> AccountOf(VaultModel model, CancellationToken stop);

    /// <summary>The round that is open now, or null between rounds.</summary>
    Task<NumeraiRound?> CurrentRound(int tournament, CancellationToken stop);

    /// <summary>A round by its number, also one that has passed, or null if Numerai doesn't have it.</summary>
    Task<NumeraiRound?> Round(int tournament, int number, CancellationToken stop);

    /// <summary>The display name of a model; its id where Numerai refuses to tell it, so that no vault waits for the model of another.</summary>
    Task<string> ModelName(string modelId, CancellationToken stop);

    /// <summary>The ids that a submission for the round must hold, each exactly once.</summary>
    /// <remarks>Assumption: they are those of the round's example predictions, the tournament's <c>live_example_preds.csv</c>.</remarks>
    Task<IReadOnlySet<string>> LiveIds(int tournament, int round, CancellationToken stop);

    /// <summary>Uploads the file and creates the submission. Returns its id.</summary>
    Task<string> Submit(int tournament, VaultModel model, byte[] file, string? triggerId, CancellationToken stop);

    /// <summary>The submissions that Numerai holds for the model.</summary>
    Task<IReadOnlyList<NumeraiSubmission>> Submissions(VaultModel model, CancellationToken stop);

    /// <summary>The file of a submission of the model, as Numerai holds it.</summary>
    Task<byte[]> Download(VaultModel model, string submissionId, CancellationToken stop);

    /// <summary>Numerai's permission to stake at most <paramref name="maxAmountWei"/> on the submission of the model.</summary>
    Task<StakeAuthorisation> Authorise(VaultModel model, string submissionId, string staker, System.Numerics.BigInteger maxAmountWei, CancellationToken stop);

    /// <summary>The claim of a resolved round, or null while it isn't resolved.</summary>
    Task<StakeClaim?> Claim(int round, VaultModel model, string staker, CancellationToken stop);
}

/// <summary>
/// Numerai could not be asked, or answered with something that can't be used: <c>numeraiUnreachable</c>, <c>numeraiLimit</c>, <c>numeraiRefused</c> or <c>numeraiUnreadable</c>;
/// or the key of the model's owner can't be had (<c>numeraiKeyUnavailable</c>), or is valid no more (<c>ownersKeyRefused</c>).
/// </summary>
public sealed class NumeraiException(string cause, string message, Exception? inner = null) : OutsideException(cause, message, inner)
{
    public const string RefusedCause = "numeraiRefused";
    public const string LimitCause = "numeraiLimit";
    public const string UnreachableCause = "numeraiUnreachable";
    public const string OwnersKeyRefusedCause = "ownersKeyRefused";

    /// <summary>Of <c>numeraiLimit</c>: when there is room again (UTC).</summary>
    public DateTimeOffset FreeAt { get; private init; }

    /// <summary>Of <c>numeraiLimit</c>: how long a message is to stay away. Queues count in whole seconds, and one that came before its turn would be passed over.</summary>
    public TimeSpan Wait(DateTimeOffset now) => TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling((FreeAt - now).TotalSeconds)) + 1);

    public static NumeraiException Unreachable(string what, Exception? inner = null) => new(UnreachableCause, what, inner);
    public static NumeraiException Limit(string what, DateTimeOffset freeAt) => new(LimitCause, what) { FreeAt = freeAt };
    public static NumeraiException Refused(string what) => new(RefusedCause, what);
    public static NumeraiException OwnersKeyRefused(string what) => new(OwnersKeyRefusedCause, what);
    public static NumeraiException KeyUnavailable(string what, Exception? inner = null) => new("numeraiKeyUnavailable", what, inner);
    public static NumeraiException Unreadable(string what, Exception? inner = null) => new("numeraiUnreadable", what, inner);
}
