using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Numerai;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Operations;

/// <summary>A vault's log, made anew: what is to be appended, what is to be stored first, and up to which block the chain is in it.</summary>
public sealed record RebuiltLog(IReadOnlyList<NewEntry> News, IReadOnlyList<byte[]> Documents, VaultState End, long Block);

/// <summary>
/// Makes a vault's log from the contract's final logs and a history (a replay file: anybody's copy, or what <c>backstake rebuild</c> makes). The chain says
/// what happened; the history says where time alone decided: which rounds closed without a stake, and where the settlements stand. Each event of the books
/// must be the chain's, and each proposed root the books': a history that isn't this vault's is refused before anything is appended.
/// </summary>
public sealed class HistoryOnChain
{
    readonly IReadOnlyList<VaultEvent> history;
    readonly IReadOnlyDictionary<int, NumeraiRound> rounds;
    readonly List<NewEntry> news = [];
    readonly List<byte[]> documents = [];
    VaultState state;
    DateTimeOffset time;
    int next;

    HistoryOnChain(VaultState begun, ReplayFile history, IReadOnlyDictionary<int, NumeraiRound> rounds) =>
        (state, this.history, this.rounds, time) = (begun, history.Events, rounds, begun.Vault.FirstCut);

    /// <param name="begun">The log's beginning: which vault it is, and nothing more of it.</param>
    /// <param name="logs">From the vault's creation on, in order.</param>
    /// <param name="final">The time of the block up to which those are.</param>
    /// <param name="rounds">As Numerai has them: those that aren't resolved, and the last one.</param>
    /// <exception cref="HistoryRefusedException">The history isn't what the chain says, or not enough of it.</exception>
    public static RebuiltLog Of(
        VaultState begun, ReplayFile history, IReadOnlyList<VaultLogEntry> logs, long block, DateTimeOffset final, IReadOnlyDictionary<int, NumeraiRound> rounds)
    {
        if (history.Vault != begun.Books.Vault)
            throw new HistoryRefusedException($"It is the history of {history.Vault.Id} (over {history.Vault.ConcurrentRounds} rounds), not of {begun.Id} (over {begun.Books.Vault.ConcurrentRounds}).");
        var made = new HistoryOnChain(begun, history, rounds);
        try
        {
            foreach (var seen in logs)
            {
                if (made.Take(seen) && !made.state.Record.BooksAreClosed)
                    continue;
                block = (long)seen.Block.Number - (made.state.Record.BooksAreClosed ? 0 : 1);
                break;
            }

            made.PassTime();
        }
        catch (Exception differs) when (differs is VaultDivergedException or BooksRefusedException)
        {
            throw new HistoryRefusedException(differs.Message, differs);
        }

        if (made.next < made.history.Count)
            throw new HistoryRefusedException($"It says {made.history[made.next]} where the chain, up to its last final block, says something else or nothing yet.");
        return !made.state.Record.BooksAreClosed && made.state.Record.Cut(made.state.Books.LastWeek.Number + 1) <= final
            ? throw new HistoryRefusedException($"It ends with week {made.state.Books.LastWeek.Number}, and a later one is over: backstake rebuild --export brings it up to the chain.")
            : new(made.news, made.documents, made.state, block);
    }

    /// <returns>False where the history ends before this log: the watcher goes on from here.</returns>
    bool Take(VaultLogEntry seen)
    {
        time = seen.Block.Time;
        SettleUntil(time);
        var meaning = Meaning(seen);
        if (meaning.Select(it => it.Event).OfType<Booked>().FirstOrDefault() is { } booked)
        {
            if (next == history.Count)
                return false;
            if (!Equals(history[next], booked.Event))
                throw new HistoryRefusedException($"It says {history[next]} where the chain says {booked.Event}, in block {seen.Block.Number}.");
            next++;
        }

        Append(meaning);
        return true;
    }

    /// <summary>What the log says, after what time alone decided before it.</summary>
    List<NewEntry> Meaning(VaultLogEntry seen)
    {
        if (seen.Event is StakedEvent staked) // its meaning is the books', so they must be there
        {
            PassTime();
            return [.. Opened((int)staked.Round), .. ChainEvents.ToEntries(state, seen)];
        }

        var meaning = ChainEvents.ToEntries(state, seen).ToList();
        if (meaning.Exists(it => it.Event is Booked))
            PassTime();
        return meaning;
    }

    /// <summary>Settlements that belong before this time, with what stands before them. The chain proves each by the root that it was told.</summary>
    void SettleUntil(DateTimeOffset reached)
    {
        while (state.Record.Cut(state.Books.LastWeek.Number + 1) <= reached && NextSettlement() is { } at)
        {
            while (next <= at)
                TakeOfTime();
        }
    }

    /// <summary>Where the next settlement stands, if only what time decided is before it.</summary>
    int? NextSettlement()
    {
        for (var i = next; i < history.Count && IsOfTime(i); i++)
        {
            if (history[i] is Settle)
                return i;
        }

        return null;
    }

    void PassTime()
    {
        while (next < history.Count && IsOfTime(next))
            TakeOfTime();
    }

    /// <summary>Whether it isn't on chain: a settlement, or a round without a stake.</summary>
    bool IsOfTime(int index) => history[index] switch
    {
        Settle => true,
        Close close => close.ShareBps == BasisPoints.Zero,
        Resolve { Payout.IsZero: true } resolve => (index > next && history[index - 1] is Close before && before.Round == resolve.Round)
            || (state.Books.OpenRounds.TryGetValue(resolve.Round, out var open) && open.Stake.IsZero),
        _ => false,
    };

    void TakeOfTime()
    {
        switch (history[next++])
        {
            case Settle settle:
                var settled = SettlementDocuments.Of(state);
                if (settled.Event.Week != settle.Week.Number)
                    throw new HistoryRefusedException($"It settles week {settle.Week.Number} where week {settled.Event.Week} comes.");
                documents.AddRange(settled.All);
                Append(new NewEntry($"settle|{settled.Event.Week}", settled.Event, state.Record.Cut(settled.Event.Week)));
                break;
            case Close close:
                var number = close.Round.Number;
                Append([.. Opened(number)]);
                if (!state.Books.StakeOfNextRound().IsZero && !state.Books.IsWindingDown)
                    Append(new NewEntry($"missed|{number}", new RoundMissed(number, Cause.NotRecorded), ClosedAt(number)));
                Append(new NewEntry($"close|{number}", new Booked(close), ClosedAt(number)));
                break;
            case Resolve resolve:
                Append(new NewEntry($"resolve|{resolve.Round.Number}", new Booked(resolve), ClosedAt(resolve.Round.Number)));
                break;
        }
    }

    IEnumerable<NewEntry> Opened(int number) => rounds.TryGetValue(number, out var round)
        ? [new($"open|{number}", new RoundOpened(number, round.OpenTime, round.CloseStakingTime, round.ResolveTime), round.OpenTime)]
        : [];

    DateTimeOffset ClosedAt(int number) => rounds.TryGetValue(number, out var round) ? round.CloseStakingTime : time;

    void Append(params IReadOnlyList<NewEntry> entries)
    {
        foreach (var entry in entries)
        {
            state = state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain));
            news.Add(entry);
        }
    }
}

/// <summary>A history isn't what the chain says: nothing was appended.</summary>
public sealed class HistoryRefusedException(string message, Exception? inner = null) : Exception(message, inner);
