using Backstake.Accounting;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Backstake.Functions.Submissions;

/// <summary>
/// Decides and sends a round's stake: exactly the books' A_r. The decision is in the log before anything is sent, and from there until the round is
/// closed, or the decision abandoned, no result and no settlement is appended, so the amount stays right (DESIGN.md, "The week").
/// </summary>
public sealed class StakeSender(
    INumerai numerai, HeldSubmissions held, SubmissionTurns turns, EthereumNode node, TransactionOutbox outbox, ChainWatcher watcher, IOptions<EthereumSettings> settings, TimeProvider clock)
{
    public Task Stake(VaultWork work, int number, CancellationToken stop) => Stake(work, number, hasReadOn: false, stop);

    async Task Stake(VaultWork work, int number, bool hasReadOn, CancellationToken stop)
    {
        if (!work.State.Record.Rounds.TryGetValue(number, out var round) || round.Closed || !round.IsCommitted || round.Stale || clock.GetUtcNow() >= round.ClosesStaking)
            return;
        if (round.Intent is not null)
        {
            await GoOn(work, number, stop);
        }
        else if (IsToStake(work.State))
        {
            using var room = turns.ForStake(work.State, number); // a decision holds back results and settlements: none is taken that would wait for Numerai
            if (!await KnowsTheChain(work.State, stop))
            {
                if (hasReadOn)
                    return; // what is missing isn't final yet
                await watcher.Advance(work, stop);
                await Stake(work, number, hasReadOn: true, stop); // from the beginning: another worker may have decided meanwhile
                return;
            }

            var attempt = round.StakeAttempts + 1;
            await work.Append(stop, new NewEntry(
                $"stake|{number}|{attempt}", new StakeIntended(number, attempt, work.State.Books.StakeOfNextRound(), work.State.Record.Collects), clock.GetUtcNow()));
            await GoOn(work, number, stop);
        }
    }

    /// <summary>Brings the decided stake as far as it goes now.</summary>
    async Task GoOn(VaultWork work, int number, CancellationToken stop)
    {
        if (work.State.Record.Rounds.GetValueOrDefault(number) is not { Intent: { } intent } round)
            return; // another worker was quicker, and it is over
        var purpose = $"stake|{number}|{intent.Attempt}";
        switch (await outbox.Look(Role.Staker, work.State.Id, purpose, stop))
        {
            case Sent.No:
                await Send(work, number, intent, purpose, stop);
                break;
            case Sent.Failed:
                await Abandon(work, number, intent, "reverted", stop);
                break;
            case Sent.Stuck:
                throw new GasAboveCapException("The stake is sent, and no block takes it for the most that is paid for gas.");
            case Sent.Forgone:
                await Abandon(work, number, intent, round.LastCause ?? Cause.NotStaked, stop);
                break;
            case Sent.Succeeded:
                await watcher.Advance(work, stop);
                break;
            default:
                break; // the watcher closes the round when it sees the stake in a final block
        }
    }

    /// <summary>Whether there is something to stake. From a cut to the acceptance of its settlement, and when winding down, nothing is staked (CONTRACT.md, "Decided" 4).</summary>
    public bool IsToStake(VaultState state) => state is { Record: var record, Books: var books } && !books.StakeOfNextRound().IsZero && !books.IsWindingDown
        && record.LastAcceptedWeek == books.LastWeek.Number && clock.GetUtcNow() < record.Cut(record.LastAcceptedWeek + 1);

    /// <summary>A result that is collected on chain but not in the log yet would change the amount, an adopted staker the authorisation: the watcher brings them first, as soon as they are final.</summary>
    async Task<bool> KnowsTheChain(VaultState state, CancellationToken stop)
    {
        var chain = await (await node.Latest(state.Id, stop)).State(stop);
        return chain.Collects == state.Record.Collects && chain.Staker.IsTheSameAddress(state.Record.Staker);
    }

    async Task Send(VaultWork work, int number, StakeIntent intent, string purpose, CancellationToken stop)
    {
        var (record, round) = (work.State.Record, work.State.Record.Rounds[number]);
        using var room = turns.ForStake(work.State, number);
        var staker = await (await node.Latest(work.State.Id, stop)).NumeraiStaker(record.Staker, stop);
        try
        {
            // What Numerai would stake on is asked once more; the file itself was compared when it was read back, and the authorisation names its hash.
            var submission = await held.Selected(record.Vault!, number, stop);
            if (!await held.IsOurs(record.Vault!, submission, round, stop))
                throw new NumeraiException(Cause.Stale, "Numerai holds another file than ours.");
            var authorisation = await numerai.Authorise(new(work.State.Id, record.Vault!.ModelId), submission!, staker, intent.Amount.Wei, stop);
            if (Mismatch(authorisation, staker, record.Vault!, number, submission!, round, intent) is { } field)
                throw NumeraiException.Refused($"v3StakeAuth: {field} isn't what was asked for.");
            await outbox.Send(Role.Staker, work.State.Id, purpose, new StakeFunction
            {
                Round = (uint)number,
                Amount = intent.Amount.Wei,
                ShareBps = (ushort)BasisPoints.Whole.Value,
                Collects = (uint)intent.Collects,
                Authorisation = Signed(authorisation),
            }, round.ClosesStaking, stop);
        }
        catch (OutsideException refused) when (refused.Cause != NumeraiException.LimitCause)
        {
            // Another worker may be signing for this attempt right now. Only if it can't any more may the books move on.
            if (await outbox.Forgo(Role.Staker, work.State.Id, purpose, stop))
                await Abandon(work, number, intent, refused.Cause, stop);
            throw;
        }
    }

    Task Abandon(VaultWork work, int number, StakeIntent intent, string cause, CancellationToken stop) => work.Append(stop, new NewEntry(
        $"abandon|{number}|{intent.Attempt}", new StakeAbandoned(number, intent.Attempt, cause), clock.GetUtcNow()));

    /// <summary>The first field of the authorisation that isn't ours, or null (FAULTS.md E-11).</summary>
    string? Mismatch(StakeAuthorisation it, string staker, VaultAdded vault, int number, string submission, RoundRecord round, StakeIntent intent) =>
        it.ChainId != settings.Value.ChainId ? "chainId"
        : it.RoundId != number ? "roundId"
        : it.TournamentId != vault.Tournament ? "tournamentId"
        : !it.Staker.IsTheSameAddress(staker) ? "staker"
        : it.ModelId != UuidWord.Of(Guid.Parse(vault.ModelId)).ToHex(prefix: true) ? "modelId"
        : it.SubmissionId != UuidWord.Of(Guid.Parse(submission)).ToHex(prefix: true) ? "submissionId"
        : it.SubmissionHash != "0x" + round.Hash ? "submissionHash"
        : it.MaxAmount < intent.Amount.Wei ? "maxAmount"
        : DateTimeOffset.FromUnixTimeSeconds((long)it.Deadline) <= clock.GetUtcNow() ? "deadline"
        : null;

    static byte[] Signed(StakeAuthorisation it) => new StakeAuthorization
    {
        TournamentId = it.TournamentId,
        RoundId = it.RoundId,
        ModelId = it.ModelId.HexToByteArray(),
        Staker = it.Staker,
        MaxAmount = it.MaxAmount,
        SubmissionId = it.SubmissionId.HexToByteArray(),
        SubmissionHash = it.SubmissionHash.HexToByteArray(),
        Nonce = it.Nonce,
        Deadline = it.Deadline,
    }.Encode(it.Signature.HexToByteArray());
}
