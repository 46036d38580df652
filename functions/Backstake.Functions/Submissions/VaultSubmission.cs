using System.Security.Cryptography;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Nodes;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Research;

namespace Backstake.Functions.Submissions;

/// <summary>
/// Brings a vault's round as far as it goes now: predictions found, validated, uploaded, created, read back and compared; the hash committed on chain;
/// the stake decided, authorised and sent (DESIGN.md, "Flows" 1). Every part looks at the log first and at the world outside second, so running it
/// again does what is missing and nothing else. What came of it on chain is recorded by the watcher alone, which is asked to read on where the outbox
/// knows of a final block that the log doesn't have: its own message may have gone with a worker that died.
/// </summary>
public sealed class VaultSubmission(
    VaultStore store, INumerai numerai, HeldSubmissions held, SubmissionTurns turns, PredictionStore predictions, StakeSender stakes, TransactionOutbox outbox, ChainWatcher watcher,
    RestingRounds resting, OpenRounds rounds, PassedRounds passed, NodeDelivery delivery, VaultQueues queues, TimeProvider clock)
{
    public Task Submit(SubmitRound message, CancellationToken stop) =>
        turns.MustWait(message) ? Task.CompletedTask : store.Run(message.Vault, work => Submit(work, message, stop), stop); // whoever has a turn has taken the round

    async Task Submit(VaultWork work, SubmitRound message, CancellationToken stop)
    {
        var isOpen = await Opened(work, message, stop);
        if (!work.State.Record.Rounds.ContainsKey(message.Round) || turns.MustWait(message) || await MustWait(work, message.Round, stop))
            return;
        var failures = work.State.Record.Rounds[message.Round].FailedAttempts;
        try
        {
            RoundStep[] steps = isOpen ? [Upload, Commit, LookAgain, Restore, stakes.Stake] : [LookAgain];
            foreach (var step in steps)
            {
                if (!work.State.Record.Rounds.ContainsKey(message.Round))
                    return; // with the last append came what another worker, or the watcher, had found: the round is over
                await step(work, message.Round, stop);
            }

            if (isOpen && work.State.Record.Rounds.GetValueOrDefault(message.Round) is { } round
                && round.FailedAttempts == failures && RestingRounds.MostOf(round, stakes.IsToStake(work.State)) is { } most)
                resting.Rests(work.State, message.Round, most);
        }
        catch (NumeraiException limit) when (limit.Cause == NumeraiException.LimitCause)
        {
            // Nothing failed, so nothing is counted: the vault comes again when there is room.
            await queues.Send(VaultQueues.Submissions, message, limit.Wait(clock.GetUtcNow()), stop);
        }
        catch (OutsideException failure) when (isOpen || NeedsLastLook(work.State.Record, message.Round))
        {
            await Failed(work, message.Round, failure.Cause, failure.Message, stop);
        }
        catch (OutsideException)
        {
            // A late message's look, after the deadline of a round without a stake: nothing hangs on it, and it isn't why the round was missed.
        }
    }

    delegate Task RoundStep(VaultWork work, int number, CancellationToken stop);

    bool NeedsLastLook(VaultRecord record, int number) => record.Rounds.TryGetValue(number, out var round) && Due.NeedsLastLook(record, number, round, clock.GetUtcNow());

    /// <summary>After a failure a try waits, but not for a file that has come since: close to the deadline there may be no other try.</summary>
    async Task<bool> MustWait(VaultWork work, int number, CancellationToken stop)
    {
        var (vault, record) = (work.State.Vault, work.State.Record);
        return record.MustWait(Step.Submission, number, clock.GetUtcNow())
            && !record.Rounds[number].IsPastItsFailure
            && !(record.Rounds[number].LastCause is Cause.NoPredictions or Cause.NodeFailed && await predictions.Latest(vault.Vault, vault.Tournament, number, stop) is not null);
    }

    /// <summary>True if the round is open for this vault; the first time, its log takes it.</summary>
    async Task<bool> Opened(VaultWork work, SubmitRound message, CancellationToken stop)
    {
        var record = work.State.Record;
        if (clock.GetUtcNow() >= message.ClosesStaking || message.Round < record.LastRound)
            return false;
        if (record.LastRound < message.Round)
            await work.Append(stop, [.. await passed.Before(work.State, message.Round, stop), new NewEntry($"open|{message.Round}",
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

    /// <summary>Submits the newest file, unless it is there already. A newer one replaces what was submitted until a stake is bound to that.</summary>
    async Task Upload(VaultWork work, int number, CancellationToken stop)
    {
        var (vault, round) = (work.State.Vault, work.State.Record.Rounds[number]);
        if (round.IsStaked)
            return;
        if (await predictions.Latest(vault.Vault, vault.Tournament, number, stop) is not { } stored)
        {
            if (round.SubmissionId is null)
                await Missing(work, number, stop);
            return;
        }

        // What is there already needs no room at Numerai: whoever asked for some would lose its place in line for the stake.
        var file = stored.Hash is null ? await predictions.Read(stored, stop) : null;
        if (round.Hash == (stored.Hash ?? HashOf(file!)))
            return;
        using var room = Room(work.State, number); // before the file is judged: whoever must wait does that once
        file ??= await predictions.Read(stored, stop);
        var hash = HashOf(file);
        if (round.Hash == hash)
            return;
        var found = ForeignFormat.Of(file) is { } format
            ? CheckedPredictions.Refused([new(1, null, "notCsv", $"The file is {format}.")])
            : PredictionCheck.Of(file, PredictionRules.Of(vault.Tournament), await numerai.LiveIds(vault.Tournament, number, stop));
        if (found.IsFit)
            await Upload(work, number, file, hash, stop);
        else if (round.SubmissionId is null) // what was submitted before stays
            await Failed(work, number, Cause.InvalidPredictions, string.Join(" ", found.Errors.Select(error => $"Line {error.Line}: {error.Message}")), stop);
    }

    /// <summary>No file is stored. A node is asked for one; only when it was asked in vain did anything fail.</summary>
    async Task Missing(VaultWork work, int number, CancellationToken stop)
    {
        if (await delivery.Callable(work.State.Id, stop) is null)
        {
            await Failed(work, number, Cause.NoPredictions, "The delegate has stored no file for this round.", stop);
            return;
        }

        // Looked at before the next call is asked for: so each call that failed is told, however quickly the next one succeeds.
        var last = await delivery.LastCall(work.State.Id, number, stop);
        await queues.Send(VaultQueues.Nodes, new CallNode(work.State.Id, number, ByHand: false), null, stop);
        if (last is { Outcome: not NodeCall.Stored } call) // stored meanwhile: its message is on its way
            await Failed(work, number, Cause.NodeFailed, $"The delegate's node was called at {call.At.UtcDateTime:HH:mm:ss}: {call.Outcome}. {call.Detail}", stop);
    }

    async Task Upload(VaultWork work, int number, byte[] file, string hash, CancellationToken stop)
    {
        var (vault, round) = (work.State.Vault, work.State.Record.Rounds[number]);
        // What was tried before may have arrived: then only another file is replaced. After a crash the same file is submitted twice, which does no harm.
        if (!IsTriedBefore(round) || await held.SelectedWith(hash, vault, number, stop) is null)
            await numerai.Submit(vault.Tournament, new(vault.Vault, vault.ModelId), file, round.TriggerId, stop);
        if (await held.SelectedWith(hash, vault, number, stop) is { } selected)
            await work.Append(stop, new NewEntry(Key("submit", number, round.Versions + 1), new PredictionsSubmitted(number, selected, hash), clock.GetUtcNow()));
        else
            await Failed(work, number, Cause.Stale, "Numerai holds another file than the one that was uploaded.", stop);
    }

    IDisposable Room(VaultState state, int number) => turns.ForUpload(state, number, IsTriedBefore(state.Record.Rounds[number]) ? 2 : 1);

    static bool IsTriedBefore(RoundRecord round) => round.LastCause is not (null or Cause.NoPredictions or Cause.NodeFailed or Cause.InvalidPredictions);

    /// <summary>Each submitted file has a commitment of its own, sent in the order of the submissions: the last one is the one that is staked on.</summary>
    async Task Commit(VaultWork work, int number, CancellationToken stop)
    {
        var round = work.State.Record.Rounds[number];
        if (round.Hash is null || round.IsCommitted || round.IsStaked)
            return;
        var sent = await outbox.Send(Role.Committer, work.State.Id, Key("commit", number, round.Versions),
            new CommitFunction { Round = (uint)number, PredictionHash = Convert.FromHexString(round.Hash) }, round.ClosesStaking, stop);
        if (sent is Sent.Stuck)
            throw new GasAboveCapException("The commitment is sent, and no block takes it for the most that is paid for gas.");
        if (sent is Sent.Succeeded)
            await watcher.Advance(work, stop);
    }

    /// <summary>Before the deadline and after it: is the selected file still ours? (FAULTS.md E-10)</summary>
    async Task LookAgain(VaultWork work, int number, CancellationToken stop)
    {
        var (round, now) = (work.State.Record.Rounds[number], clock.GetUtcNow());
        var due = Due.LooksUntil(round, now);
        if (round.SubmissionId is null || round.Looks >= due)
            return;
        using var room = turns.ForLook(work.State, number);
        var selected = await held.Selected(work.State.Vault, number, stop);
        var stale = !await held.IsOurs(work.State.Vault, selected, round, stop);
        await work.Append(stop, new NewEntry(Key("check", number, due), new SubmissionChecked(number, selected ?? "", stale), now));
    }

    /// <summary>Somebody else replaced our file at Numerai: it is submitted again. Its hash is the same, so commitment and stake stay good.</summary>
    async Task Restore(VaultWork work, int number, CancellationToken stop)
    {
        var (vault, round) = (work.State.Vault, work.State.Record.Rounds[number]);
        if (!round.Stale)
            return;
        using var room = Room(work.State, number);
        var file = await predictions.Find(PredictionStore.FolderOf(vault.Vault, vault.Tournament, number), round.Hash!, stop)
            ?? throw new NumeraiException(Cause.Stale, "Numerai holds another file than ours, and ours isn't stored any more.");
        await Upload(work, number, file, round.Hash!, stop);
    }

    /// <summary>The natural key of the first is the round's; later ones are counted.</summary>
    static string Key(string what, int number, int count) => count == 1 ? $"{what}|{number}" : $"{what}|{number}|{count}";

    static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    async Task Failed(VaultWork work, int number, string cause, string detail, CancellationToken stop)
    {
        if (!work.State.Record.Rounds.TryGetValue(number, out var round))
            return; // over meanwhile, so nothing is to be tried again
        var attempt = round.FailedAttempts + 1;
        await work.Append(stop, new NewEntry($"failed|{Step.Submission}|{number}|{attempt}",
            new AttemptFailed(Step.Submission, number, attempt, cause, Step.Detail(detail)), clock.GetUtcNow()));
    }
}
