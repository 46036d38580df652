using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Submissions;

/// <summary>
/// What the parts of a vault's round ask of Numerai, each reserved together before its first call: where there is no room for all of them, none is made, and the vault gets a turn.
/// Known to this process alone: another that doesn't know it is refused by its own count, and gives it a turn of its own.
/// </summary>
public sealed class SubmissionTurns(NumeraiCalls calls, TimeProvider clock)
{
    /// <summary>So long before its deadline a round goes before what has time: the looks before the deadline, late files, stakes.</summary>
    public static readonly TimeSpan Urgent = TimeSpan.FromMinutes(15);

    const int Signals = 11;

    /// <summary>Whether the vault has a turn that hasn't come yet.</summary>
    public bool MustWait(SubmitRound message) => calls.MustWait(Key(message.Vault, message.Round), IsUrgent(message.ClosesStaking));

    /// <param name="looks">How often it is looked what Numerai holds.</param>
    public IDisposable ForUpload(VaultState state, int number, int looks) => calls.Reserve(Key(state.Id, number), IsUrgent(state.Record.Rounds[number].ClosesStaking), state.Vault.Tournament == Signals
        ? [new("model", looks), new("submissionDownloadAuth", looks), new("submissionUploadSignalsAuth"), new("createSignalsSubmission")]
        : [new("model", looks), new("submissionDownloadAuth", looks), new("submissionUploadAuth"), new("createSubmission")]);

    public IDisposable ForLook(VaultState state, int number) =>
        calls.Reserve(Key(state.Id, number), IsUrgent(state.Record.Rounds[number].ClosesStaking), [new("model"), new("submissionDownloadAuth")]);

    public IDisposable ForStake(VaultState state, int number) =>
        calls.Reserve(Key(state.Id, number), IsUrgent(state.Record.Rounds[number].ClosesStaking), [new("model"), new("v3StakeAuth")]);

    bool IsUrgent(DateTimeOffset closes) => clock.GetUtcNow() is var now && now < closes && closes - now <= Urgent;

    static string Key(string vault, int number) => $"{vault}|{number}";
}
