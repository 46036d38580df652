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

    /// <summary>
    /// Those since the vault's last one, up to one that is open now. Of those that nobody remembered Numerai is asked: a vault's webhook brings it rounds that no poll has seen.
    /// </summary>
    /// <exception cref="NumeraiException">Numerai can't be asked, so nothing can be submitted to it either.</exception>
    public async Task<IEnumerable<NewEntry>> Before(VaultState state, int round, CancellationToken stop)
    {
        var (tournament, last) = (state.Vault.Tournament, state.Record.LastRound);
        if (last == 0)
            return [];
        var remembered = (await rounds.Between(tournament, last, round, stop)).ToDictionary(it => it.Number);
        var passed = new List<NumeraiRound>();
        for (var number = last + 1; number < round; number++)
        {
            if ((remembered.GetValueOrDefault(number) ?? (round - number <= PassedMost ? await Asked(tournament, number, stop) : null)) is { } known)
                passed.Add(known);
        }

        return passed.SelectMany(NotSeen);
    }

    /// <summary>Remembered from here on, so that one vault asks for all.</summary>
    async Task<NumeraiRound?> Asked(int tournament, int number, CancellationToken stop)
    {
        if (await numerai.Round(tournament, number, stop) is not { } round)
            return null;
        await rounds.Remember(tournament, round, stop);
        return round;
    }

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
