using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Nethereum.Contracts;

namespace Backstake.Functions.Settlement;

/// <summary>
/// Takes a settled week to the chain: proposes it, and accepts it when its window is over (anybody else may, too). A vetoed week is proposed again: the
/// fold gives the same (CONTRACT.md, "Decided" 2 and 3).
/// </summary>
public sealed class SettlementSender(
    VaultStore store, ChainWatcher watcher, BlobStore blobs, TransactionOutbox outbox, TimeProvider clock)
{
    public async Task Send(SettleWeek message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        await watcher.Advance(work, stop);
        var record = work.State.Record;
        if (record.IsOver || record.LastAcceptedWeek >= message.Week || !record.Weeks.TryGetValue(message.Week, out var week)
            || record.MustWait(Step.Settlement, message.Week, clock.GetUtcNow()))
            return;
        try
        {
            if (week.AcceptableAt is not { } acceptable)
                await Send(work, $"propose|{message.Week}|{week.Vetoes}", week,
                    proposal => new ProposeFunction { Week = proposal.ToWeek(), Lines = proposal.ToLines() }, stop);
            else if (clock.GetUtcNow() >= acceptable)
                await Send(work, $"accept|{message.Week}|{week.Vetoes}", week,
                    proposal => new AcceptFunction { Week = proposal.ToWeek(), Lines = proposal.ToLines() }, stop);
        }
        catch (OutsideException refusal)
        {
            // Refused now (the cut's block isn't there yet, a veto came first, gas is too dear …): the sweep tries again as long as it is due.
            await work.Append(stop, new NewEntry($"failed|{Step.Settlement}|{message.Week}|{work.State.Sequence}",
                new AttemptFailed(Step.Settlement, message.Week, 0, refusal.Cause, Step.Detail(refusal.Message)), clock.GetUtcNow()));
        }
    }, stop);

    async Task Send<TFunction>(VaultWork work, string purpose, WeekRecord week, Func<Proposal, TFunction> call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        var proposal = Proposal.FromJson(await blobs.Get(work.State.Id, week.ProposalDigest, stop));
        await outbox.Send(Role.Settler, work.State.Id, purpose, call(proposal), work.State.Record.Cut(proposal.Week + 1), stop);
    }
}
