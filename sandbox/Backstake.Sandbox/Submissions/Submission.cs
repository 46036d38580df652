using Backstake.Sandbox.Rounds;

namespace Backstake.Sandbox.Submissions;

/// <summary>A file that a model submitted for a round, as Numerai holds it.</summary>
/// <param name="Sha256">SHA-256 of the file's bytes: 64 lower-case hex digits. Stake authorisations are bound to it.</param>
/// <param name="ErrorInfo">Why the file was not accepted; null: it was.</param>
/// <param name="IsLate">Made at or after closeStakingTime: nothing can be staked on it.</param>
/// <param name="Sequence">The order of submissions, over all models.</param>
public sealed record Submission(
    Guid Id, SandboxModel Model, Round Round, string Filename, byte[] File, string Sha256, string? ErrorInfo, bool IsLate, DateTimeOffset InsertedAt, string? TriggerId, string? Source, long Sequence)
{
    /// <summary>Assumption: the words of Numerai's `status`.</summary>
    public string Status => ErrorInfo is null ? "success" : "error";
}
