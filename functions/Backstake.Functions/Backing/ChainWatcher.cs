using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Rounds;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backing;

/// <summary>
/// Turns what the vault's contract logged in final blocks into events, in chain order, and puts between them what time alone decides: a settlement
/// at its cut (after every log of earlier blocks, before any later one), and the close of a round whose deadline passed without a stake.
/// </summary>
public sealed class ChainWatcher(VaultStore store, LogTable log, EthereumNode node, PassedRounds passed, VaultSettlement settlement, DueSender due)
{
    /// <summary>After a long absence so many requests are made before the cursor is stored: few enough that a node which fails often lets the watcher get on.</summary>
    public const int RequestsMost = 5;

    public async Task Watch(string vault, CancellationToken stop)
    {
        VaultState? seen = null;
        await store.Run(vault, async work =>
        {
            await Advance(work, stop);
            seen = work.State;
        }, stop);
        if (seen is not null) // of a vault whose log is over nothing is due
            await due.Send(seen, stop);
    }

    /// <summary>Reads on from where the log stands to the last final block.</summary>
    public async Task Advance(VaultWork work, CancellationToken stop)
    {
        if (work.State.Sequence == 0)
            return;
        var final = await node.Finalized(stop);
        var last = (long)final.Number;
        var cursor = await log.Cursor(work.State.Id, stop);
        await RefuseRewritten(cursor, final, stop);
        foreach (var (before, (from, to)) in BlockRange.Between(First(work.State, cursor), last).Index())
        {
            foreach (var seen in await node.Log([work.State.Id, work.State.Vault.Notices], from, to, stop))
            {
                await work.Append(stop, [.. await passed.UpTo(work.State, seen, stop)]);
                if (!await PassTime(work, seen.Block.Time, final.Time, stop))
                {
                    await SetCursor(work.State, (long)seen.Block.Number - 1, final, stop);
                    return;
                }

                await Take(work, seen, stop);
                if (work.State.Record.IsOver)
                    return; // whatever follows is between the holders and the contract
            }

            if (to == last || (before + 1) % RequestsMost == 0)
                await SetCursor(work.State, to, final, stop);
        }

        await PassTime(work, final.Time, final.Time, stop);
    }

    /// <summary>Where reading goes on. A cursor is stored after the events: if storage lost those and not the cursor, it would pass them over.</summary>
    static long First(VaultState state, ChainCursor? cursor) =>
        cursor is null ? state.Vault.Block
        : (cursor.TakenBlock, cursor.TakenLogIndex) == (state.Record.LastBlock, state.Record.LastLogIndex) ? cursor.Block + 1
        : Math.Max(state.Record.LastBlock, state.Vault.Block);

    async Task SetCursor(VaultState state, long block, ChainBlock final, CancellationToken stop) =>
        await log.SetCursor(state.Id, new(block, await HashOf(block, final, stop), state.Record.LastBlock, state.Record.LastLogIndex), stop);

    async Task<string?> HashOf(long block, ChainBlock final, CancellationToken stop) => block == (long)final.Number ? final.Hash : await node.HashOf(block, stop);

    /// <summary>What was final is another block now: the log may hold what never happened, so nothing goes on before a person has looked (FAULTS.md F-2).</summary>
    async Task RefuseRewritten(ChainCursor? cursor, ChainBlock final, CancellationToken stop)
    {
        if (cursor is { Hash: { } hash } && cursor.Block <= (long)final.Number && await HashOf(cursor.Block, final, stop) is { } now && now != hash)
            throw new VaultDivergedException($"Block {cursor.Block} was final as {hash} and is {now} now: the chain was rewritten deeper than it may be.");
    }

    /// <summary>
    /// Appends what has become certain because every log up to <paramref name="reached"/> is taken, and the chain is final up to
    /// <paramref name="final"/>. False if a decided stake holds a settlement back: then until its round's deadline.
    /// </summary>
    async Task<bool> PassTime(VaultWork work, DateTimeOffset reached, DateTimeOffset final, CancellationToken stop)
    {
        while (true)
        {
            var week = work.State.Books.LastWeek.Number + 1;
            var cut = work.State.Record.Cut(week);
            await CloseUnstaked(work, round => round.ClosesStaking < (reached < cut ? reached : cut), stop);
            if (reached < cut)
                return true;
            // From the cut until this settlement is accepted the contract refuses every stake, so none can come between the cut and the deadline.
            await CloseUnstaked(work, round => round.Intent is not null && round.ClosesStaking < final, stop);
            if (work.State.Record.IntendedRound is not null)
                return false;
            // Closing the rounds may have brought what another worker appended meanwhile, this settlement too: the next one's time has not come by that.
            if (work.State.Books.LastWeek.Number + 1 == week)
                await settlement.Settle(work, stop);
        }
    }

    /// <summary>A round whose deadline is over, without a stake, stakes nothing: and with a stake of 0 its result is 0 at once.</summary>
    async Task CloseUnstaked(VaultWork work, Func<RoundRecord, bool> isOver, CancellationToken stop)
    {
        foreach (var number in work.State.Record.Rounds.Keys)
        {
            // Closing one may have brought that another worker closed them all.
            if (!work.State.Record.Rounds.TryGetValue(number, out var round) || round.Closed || !isOver(round))
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
        : state.Books.StakeOfNextRound().IsZero || state.Books.IsWindingDown ? null
        : round.Stale ? Cause.Stale
        : state.Record.LastAcceptedWeek != state.Books.LastWeek.Number ? Cause.SettlementPending
        : !round.IsCommitted ? (round.LastCause is Cause.GasAboveCap or Cause.SignerHalted or Cause.SignerUnavailable ? round.LastCause : Cause.NotCommitted)
        : round.LastCause ?? Cause.NotStaked;

    /// <summary>
    /// Appends what one log says. A result that came before a decided stake ends that decision: the contract refuses a stake that was computed from
    /// fewer results (<c>BooksMoved</c>), and a new one is decided on the new books.
    /// </summary>
    async Task Take(VaultWork work, VaultLogEntry seen, CancellationToken stop)
    {
        var record = work.State.Record;
        if (record.HasTaken((long)seen.Block.Number, (int)seen.LogIndex))
            return;
        var news = ChainEvents.ToEntries(work.State, seen).ToList();
        if (seen.Event is CollectedEvent && record.IntendedRound is { } intended)
        {
            var attempt = record.Rounds[intended].Intent!.Attempt;
            news.Insert(0, new($"abandon|{intended}|{attempt}", new StakeAbandoned(intended, attempt, Cause.BooksMoved), seen.Block.Time));
        }

        await work.Append(stop, [.. news]);
    }
}
