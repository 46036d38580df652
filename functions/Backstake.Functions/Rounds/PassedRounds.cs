using Backstake.Chain.Vault;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Rounds;

/// <summary>
/// The rounds that passed without a vault's log taking them: nobody saw them in time, or storage lost what the log had of them (FAULTS.md K-7). They are opened late; those without a stake the watcher closes
/// as missed.
/// </summary>
public sealed class PassedRounds(INumerai numerai, OpenRounds rounds)
{
    const int PassedMost = 100; // as many as are asked for at once (RoundOpening)

    /// <summary>Those since the vault's last one, up to one that is open now, as far as they were remembered.</summary>
    public async Task<IEnumerable<NewEntry>> Before(VaultState state, int round, CancellationToken stop) => state.Record.LastRound == 0
        ? []
        : (await rounds.Between(state.Vault.Tournament, state.Record.LastRound, round, stop)).SelectMany(NotSeen);

    /// <summary>Those that a log on chain proves to have passed: up to the round that it is about, or that closed before the settlement which it proposes. Numerai knows them all.</summary>
    /// <exception cref="NumeraiException">Numerai can't be asked, or doesn't know a round that is staked: nothing of it can be appended.</exception>
    public async Task<IEnumerable<NewEntry>> UpTo(VaultState state, VaultLogEntry seen, CancellationToken stop)
    {
        if (state.Record.HasTaken((long)seen.Block.Number, (int)seen.LogIndex))
            return [];
        return seen.Event switch
        {
            CommittedEvent it => await UpTo(state, (int)it.Round, seen.Block.Time, isStaked: false, stop),
            StakedEvent it => await UpTo(state, (int)it.Round, seen.Block.Time, isStaked: true, stop),
            ProposedEvent it when it.Week > state.Books.LastWeek.Number => (await ClosedBefore(state, state.Record.Cut((int)it.Week), stop)).SelectMany(NotSeen),
            _ => [],
        };
    }

    async Task<IEnumerable<NewEntry>> UpTo(VaultState state, int round, DateTimeOffset at, bool isStaked, CancellationToken stop)
    {
        var last = state.Record.LastRound;
        if (round <= last)
            return [];
        var named = await numerai.Round(state.Vault.Tournament, round, stop);
        if (named is null && isStaked)
            throw NumeraiException.Unreadable($"Round {round} of vault {state.Id} is staked on chain, and Numerai doesn't know it.");
        if (named is null || named.OpenTime > at)
            return []; // whoever has the committer's key may name any round
        var news = new List<NewEntry>();
        for (var number = last == 0 ? round : Math.Max(last + 1, round - PassedMost); number < round; number++)
        {
            if (await numerai.Round(state.Vault.Tournament, number, stop) is { } passed)
                news.AddRange(NotSeen(passed));
        }

        return [.. news, Opened(named)];
    }

    async Task<IReadOnlyList<NumeraiRound>> ClosedBefore(VaultState state, DateTimeOffset cut, CancellationToken stop)
    {
        var closed = new List<NumeraiRound>();
        for (var number = state.Record.LastRound + 1; state.Record.LastRound > 0 && closed.Count < PassedMost; number++)
        {
            if (await numerai.Round(state.Vault.Tournament, number, stop) is not { } round || round.CloseStakingTime >= cut)
                break;
            closed.Add(round);
        }

        return closed;
    }

    static IEnumerable<NewEntry> NotSeen(NumeraiRound it) =>
    [
        Opened(it),
        new($"failed|{Step.Submission}|{it.Number}|1", new AttemptFailed(Step.Submission, it.Number, 1, Cause.RoundNotSeen, "The round was not seen before its deadline."), it.CloseStakingTime),
    ];

    static NewEntry Opened(NumeraiRound it) => new($"open|{it.Number}", new RoundOpened(it.Number, it.OpenTime, it.CloseStakingTime, it.ResolveTime), it.OpenTime);
}
