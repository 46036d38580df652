using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backing;

/// <summary>
/// Turns what the vault's contract logged in final blocks into events, in chain order, and puts between them what time alone decides: a settlement
/// at its cut (after every log of earlier blocks, before any later one), and the close of a round whose deadline passed without a stake.
/// </summary>
public sealed class ChainWatcher(VaultStore store, LogTable log, EthereumNode node, VaultSettlement settlement, DueSender due)
{
    /// <summary>So many blocks are read before the cursor is stored.</summary>
    const long BlocksMost = 5_000;

    public async Task Watch(string vault, CancellationToken stop)
    {
        await store.Run(vault, work => Advance(work, stop), stop);
        await due.Send(vault, stop);
    }

    /// <summary>Reads on from where the log stands to the last final block.</summary>
    public async Task Advance(VaultWork work, CancellationToken stop)
    {
        if (work.State.Sequence == 0)
            return;
        var final = await node.Finalized(stop);
        var from = (await log.Cursor(work.State.Id, stop) ?? work.State.Vault.Block - 1) + 1;
        var last = (long)final.Number;
        while (from <= last)
        {
            var to = Math.Min(from + BlocksMost - 1, last);
            foreach (var seen in await VaultLog.Read(node.Web3, work.State.Id, (ulong)from, (ulong)to, stop))
            {
                if (!await PassTime(work, seen.Block.Time, stop) || !await Take(work, seen, stop))
                {
                    await log.SetCursor(work.State.Id, (long)seen.Block.Number - 1, stop);
                    return;
                }
            }

            await log.SetCursor(work.State.Id, to, stop);
            from = to + 1;
        }

        await PassTime(work, final.Time, stop);
    }

    /// <summary>
    /// Appends what has become certain because the chain is final up to <paramref name="reached"/> and every earlier log is taken. False if an
    /// undecided stake holds it back.
    /// </summary>
    async Task<bool> PassTime(VaultWork work, DateTimeOffset reached, CancellationToken stop)
    {
        while (true)
        {
            var cut = work.State.Record.Cut(work.State.Books.LastWeek.Number + 1);
            await CloseUnstaked(work, reached < cut ? reached : cut, stop);
            if (reached < cut)
                return true;
            if (work.State.Record.IntendedRound is not null)
                return false;
            await settlement.Settle(work, stop);
        }
    }

    /// <summary>A round whose deadline lies before a final block, without a stake, stakes nothing: and with a stake of 0 its result is 0 at once.</summary>
    async Task CloseUnstaked(VaultWork work, DateTimeOffset reached, CancellationToken stop)
    {
        foreach (var (number, round) in work.State.Record.Rounds)
        {
            if (round.Closed || round.ClosesStaking >= reached)
                continue;
            var news = new List<NewEntry>();
            if (WhyMissed(work.State, number, round) is { } cause)
                news.Add(new($"missed|{number}", new RoundMissed(number, cause), round.ClosesStaking));
            news.Add(new($"close|{number}", new Booked(new Close(new Round(number), BasisPoints.Zero)), round.ClosesStaking));
            news.Add(new($"resolve|{number}", new Booked(new Resolve(new Round(number), Nmr.Zero)), round.ClosesStaking));
            await work.Append(stop, [.. news]);
        }
    }

    /// <summary>Null if nothing was missed: the file was there in time, and there was nothing to stake.</summary>
    static string? WhyMissed(VaultState state, int number, RoundRecord round) =>
        round.SubmissionId is null ? round.LastCause ?? Cause.NoPredictions
        : state.Books.StakeOfNextRound().IsZero ? null
        : round.Stale ? Cause.Stale
        : state.Record.LastAcceptedWeek != state.Books.LastWeek.Number ? Cause.SettlementPending
        : !round.IsCommitted ? Cause.NotCommitted
        : round.LastCause ?? Cause.NotStaked;

    /// <summary>Appends what one log says. False if it must wait: a result while a stake is decided but not closed.</summary>
    async Task<bool> Take(VaultWork work, VaultLogEntry seen, CancellationToken stop)
    {
        if (work.State.Record.HasTaken((long)seen.Block.Number, (int)seen.LogIndex))
            return true;
        if (seen.Event is CollectedEvent && work.State.Record.IntendedRound is not null)
            return false;
        await work.Append(stop, [.. ChainEvents.ToEntries(work.State, seen)]);
        return true;
    }
}
