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
    /// <exception cref="NumeraiException">Numerai can't be asked, or doesn't know the round: nothing of it can be appended.</exception>
    public async Task<IEnumerable<NewEntry>> UpTo(VaultState state, VaultLogEntry seen, CancellationToken stop)
    {
        if (state.Record.HasTaken((long)seen.Block.Number, (int)seen.LogIndex))
            return [];
        return seen.Event switch
        {
            CommittedEvent it => await UpTo(state, (int)it.Round, stop),
            StakedEvent it => await UpTo(state, (int)it.Round, stop),
            ProposedEvent it when it.Week > state.Books.LastWeek.Number => (await ClosedBefore(state, state.Record.Cut((int)it.Week), stop)).SelectMany(NotSeen),
            _ => [],
        };
    }

    async Task<IEnumerable<NewEntry>> UpTo(VaultState state, int round, CancellationToken stop)
    {
        var (news, last) = (new List<NewEntry>(), state.Record.LastRound);
        if (round <= last)
            return news;
        for (var number = last == 0 ? round : Math.Max(last + 1, round - PassedMost); number < round; number++)
        {
            if (await numerai.Round(state.Vault.Tournament, number, stop) is { } passed)
                news.AddRange(NotSeen(passed));
        }

        return [.. news, Opened(await numerai.Round(state.Vault.Tournament, round, stop)
            ?? throw NumeraiException.Unreadable($"The chain has round {round} of vault {state.Id}, which Numerai doesn't know."))];
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
