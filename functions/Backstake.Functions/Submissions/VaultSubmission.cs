using System.Security.Cryptography;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Research;

namespace Backstake.Functions.Submissions;

/// <summary>
/// Brings a vault's round as far as it goes now: predictions found, validated, uploaded, created, read back and compared; the hash committed on chain;
/// the stake decided, authorised and sent (DESIGN.md, "Flows" 1). Every part looks at the log first and at the world outside second, so running it
/// again does what is missing and nothing else. What came of it on chain is recorded by the watcher, never here.
/// </summary>
public sealed class VaultSubmission(
    VaultStore store, INumerai numerai, HeldSubmissions held, PredictionStore predictions, StakeSender stakes, TransactionOutbox outbox,
    OpenRounds rounds, TimeProvider clock)
{
    public async Task Submit(SubmitRound message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        if (!await Opened(work, message, stop) || work.State.Record.MustWait(Step.Submission, message.Round, clock.GetUtcNow()))
            return;
        try
        {
            await Upload(work, message.Round, stop);
            await Commit(work, message.Round, stop);
            await LookAgain(work, message.Round, stop);
            await stakes.Stake(work, message.Round, stop);
        }
        catch (OutsideException failure)
        {
            await Failed(work, message.Round, failure.Cause, failure.Message, stop);
        }
    }, stop);

    /// <summary>True if the round is open for this vault; the first time, its log takes it.</summary>
    async Task<bool> Opened(VaultWork work, SubmitRound message, CancellationToken stop)
    {
        var record = work.State.Record;
        if (clock.GetUtcNow() >= message.ClosesStaking || message.Round < record.LastRound)
            return false;
        if (record.LastRound < message.Round)
            await work.Append(stop, [.. await Unseen(work.State, message.Round, stop), new NewEntry($"open|{message.Round}",
                new RoundOpened(message.Round, message.Opens, message.ClosesStaking, message.Resolves, message.TriggerId), message.Opens)]);
        else if (record.Rounds.TryGetValue(message.Round, out var known) && await HasMoved(work.State.Vault.Tournament, known, message, stop))
            await work.Append(stop, new NewEntry($"move|{message.Round}|{work.State.Sequence}",
                new RoundMoved(message.Round, message.ClosesStaking, message.Resolves), clock.GetUtcNow()));
        return work.State.Record.Rounds.ContainsKey(message.Round);
    }

    /// <summary>The round has other times than the log says, and the message has those that Numerai gave last: an old message moves nothing back.</summary>
    async Task<bool> HasMoved(int tournament, RoundRecord known, SubmitRound message, CancellationToken stop) =>
        !known.Closed && (known.ClosesStaking != message.ClosesStaking || known.Resolves != message.Resolves)
        && (await rounds.Between(tournament, message.Round - 1, message.Round + 1, stop)) is [var last]
        && (last.CloseStakingTime, last.ResolveTime) == (message.ClosesStaking, message.Resolves);

    /// <summary>The rounds that passed since the vault's last one without being seen: opened too late, the watcher closes them as missed.</summary>
    async Task<IEnumerable<NewEntry>> Unseen(VaultState state, int round, CancellationToken stop) => state.Record.LastRound == 0
        ? []
        : (await rounds.Between(state.Vault.Tournament, state.Record.LastRound, round, stop)).SelectMany(it => new NewEntry[]
        {
            new($"open|{it.Number}", new RoundOpened(it.Number, it.OpenTime, it.CloseStakingTime, it.ResolveTime), it.OpenTime),
            new($"failed|{Step.Submission}|{it.Number}|1",
                new AttemptFailed(Step.Submission, it.Number, 1, Cause.RoundNotSeen, "The round was not seen before its deadline."), it.CloseStakingTime),
        });

    async Task Upload(VaultWork work, int number, CancellationToken stop)
    {
        var (vault, round) = (work.State.Vault, work.State.Record.Rounds[number]);
        if (round.SubmissionId is not null)
            return;
        if (await predictions.Latest(vault.Vault, vault.Tournament, number, stop) is not { } file)
        {
            await Failed(work, number, Cause.NoPredictions, "The delegate has stored no file for this round.", stop);
            return;
        }

        var found = PredictionCheck.Of(file, PredictionRules.Of(vault.Tournament), await numerai.LiveIds(vault.Tournament, number, stop));
        if (!found.IsFit)
        {
            await Failed(work, number, Cause.InvalidPredictions,
                string.Join(" ", found.Errors.Select(error => $"Line {error.Line}: {error.Message}")), stop);
            return;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        // A crash may have come after the upload: what Numerai holds is read first, and only another file is replaced.
        if (await held.SelectedWith(hash, vault, number, stop) is null)
            await numerai.Submit(vault.Tournament, vault.ModelId, file, round.TriggerId, stop);
        if (await held.SelectedWith(hash, vault, number, stop) is not { } selected)
        {
            await Failed(work, number, Cause.Stale, "Numerai holds another file than the one that was uploaded.", stop);
            return;
        }

        await work.Append(stop, new NewEntry($"submit|{number}", new PredictionsSubmitted(number, selected, hash), clock.GetUtcNow()));
    }

    async Task Commit(VaultWork work, int number, CancellationToken stop)
    {
        var round = work.State.Record.Rounds[number];
        if (round.Hash is null || round.IsCommitted)
            return;
        var sent = await outbox.Send(Role.Committer, work.State.Id, $"commit|{number}",
            new CommitFunction { Round = (uint)number, PredictionHash = Convert.FromHexString(round.Hash) }, round.ClosesStaking, stop);
        if (sent is Sent.Stuck)
            throw new GasAboveCapException("The commitment is sent, and no block takes it for the most that is paid for gas.");
    }

    /// <summary>Shortly before the deadline: is the selected file still ours? (FAULTS.md E-10)</summary>
    async Task LookAgain(VaultWork work, int number, CancellationToken stop)
    {
        var round = work.State.Record.Rounds[number];
        if (round.SubmissionId is null || round.Checked || clock.GetUtcNow() < round.ClosesStaking - Due.LastLook)
            return;
        var selected = await held.Selected(work.State.Vault, number, stop);
        var stale = selected is null || (selected != round.SubmissionId && await held.HashOf(selected, stop) != round.Hash);
        await work.Append(stop, new NewEntry($"check|{number}", new SubmissionChecked(number, selected ?? "", stale), clock.GetUtcNow()));
    }

    async Task Failed(VaultWork work, int number, string cause, string detail, CancellationToken stop)
    {
        var attempt = work.State.Record.Rounds[number].FailedAttempts + 1;
        await work.Append(stop, new NewEntry($"failed|{Step.Submission}|{number}|{attempt}",
            new AttemptFailed(Step.Submission, number, attempt, cause, Step.Detail(detail)), clock.GetUtcNow()));
    }
}
