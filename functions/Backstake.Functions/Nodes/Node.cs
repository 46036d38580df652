using Backstake.Functions.Outgoing;

namespace Backstake.Functions.Nodes;

/// <summary>A vault's node.</summary>
/// <param name="Secret">The number of the secret that is valid now.</param>
/// <param name="RotatedAt">Since when (UTC); for <see cref="StandardWebhooks.Overlap"/> the one before is valid, too.</param>
/// <param name="Gone">It answered 410: it is called no more until it is registered again, or a test call succeeds.</param>
public sealed record Node(string Vault, string Url, int Secret, DateTimeOffset RotatedAt, bool Gone);

/// <summary>A call to a node, as its delegate sees it. Nothing of the answer's content is kept.</summary>
/// <param name="Round">0: a test.</param>
/// <param name="Milliseconds">From the call to the end of the answer.</param>
/// <param name="Status">Null: there was no answer.</param>
/// <param name="Outcome">Stable: <c>stored</c>, <c>willUpload</c> (an answer without a file), <c>rejected</c> (its file breaks the rules), <c>gone</c>, <c>status</c>, <c>refused</c>, <c>unreachable</c>, <c>timeout</c>, <c>tooLarge</c>, <c>ok</c> (a test).</param>
public sealed record NodeCall(DateTimeOffset At, int Round, int Milliseconds, int? Status, string Outcome, string Detail)
{
    /// <summary>The outcome of a call that brought the file.</summary>
    public const string Stored = "stored";
}
