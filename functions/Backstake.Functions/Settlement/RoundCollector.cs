using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.Functions.Settlement;

/// <summary>
/// Fetches a resolved round's money: Numerai's claim, then <c>collect</c> on the vault. The result enters the log when the watcher sees what really came
/// (CONTRACT.md, "Decided" 9).
/// </summary>
public sealed class RoundCollector(VaultStore store, INumerai numerai, EthereumNode node, TransactionOutbox outbox, ChainWatcher watcher, VaultQueues queues, TimeProvider clock)
{
    /// <summary>What isn't claimed Numerai returns by itself after a week (NUMERAI.md, "Staking"): until then the books want it.</summary>
    static readonly TimeSpan ReturnedAfter = TimeSpan.FromDays(7);

    public async Task Collect(CollectRound message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        var (vault, record) = (work.State.Vault, work.State.Record);
        if (!record.Rounds.TryGetValue(message.Round, out var round) || !round.Closed || round.Staked.IsZero)
            return;
        // A result on chain before the decided stake would make that stake refuse (BooksMoved): it waits until the round is closed.
        if (record.IntendedRound is not null || clock.GetUtcNow() < round.Resolves
            || record.MustWait(Step.Collect, message.Round, clock.GetUtcNow()))
            return;
        var staker = await (await node.Latest(work.State.Id, stop)).NumeraiStaker(round.Staker!, stop);
        try
        {
            if (await numerai.Claim(message.Round, new(work.State.Id, vault.ModelId), staker, stop) is not { } claim)
                return; // not resolved yet
            var proof = new ClaimProof
            {
                PayoutWei = claim.PayoutAmountWei,
                BurnWei = claim.BurnAmountWei,
                Proof = claim.Proof.Select(node => node.HexToByteArray()).ToList(),
            };
            if (await outbox.Send(Role.Settler, work.State.Id, $"collect|{message.Round}",
                new CollectFunction { Round = (uint)message.Round, Proof = proof.Encode() }, clock.GetUtcNow() + ReturnedAfter, stop) is Sent.Succeeded)
                await watcher.Advance(work, stop); // its own message may have gone with a worker that died
        }
        catch (NumeraiException limit) when (limit.Cause == NumeraiException.LimitCause)
        {
            // Nothing failed, so nothing is counted: the round comes again when there is room.
            await queues.Send(VaultQueues.Collects, message, limit.Wait(clock.GetUtcNow()), stop);
        }
        catch (OutsideException failure)
        {
            await work.Append(stop, new NewEntry($"failed|{Step.Collect}|{message.Round}|{work.State.Sequence}",
                new AttemptFailed(Step.Collect, message.Round, 0, failure.Cause, Step.Detail(failure.Message)), clock.GetUtcNow()));
        }
    }, stop);
}
