using System.Collections.Concurrent;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Rounds;

/// <summary>
/// A round opens: found by the polling timer or told by a webhook, in any order, any number of times; each vault's log takes it once, under the key
/// <c>open|round</c> (DESIGN.md, "Flows" 1).
/// </summary>
public sealed class RoundOpening(INumerai numerai, OpenRounds rounds, VaultRegistry registry, VaultQueues queues, TimeProvider clock)
{
    const int PassedMost = 100; // three weeks of five rounds and more: whoever was away for longer begins anew
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<int, (DateTimeOffset At, NumeraiRound Round)> told = new();
    readonly ConcurrentDictionary<string, NumeraiRound> triggered = new(StringComparer.Ordinal); // by vault: the round that its webhook sent a message for

    /// <summary>Asks Numerai for the open round; a new one is fanned out, one message per vault of the tournament that no webhook has brought one.</summary>
    public async Task Poll(int tournament, CancellationToken stop)
    {
        if (await Current(tournament, stop) is not { } round || round.CloseStakingTime <= clock.GetUtcNow())
            return;
        if (!await rounds.Remember(tournament, round, stop))
            return;
        await foreach (var vault in registry.All(stop))
        {
            if (vault.Tournament == tournament && triggered.GetValueOrDefault(vault.Id) != round)
                await queues.Send(VaultQueues.Submissions, Message(vault.Id, round, null), null, stop);
        }
    }

    /// <summary>A webhook named a vault: Numerai is asked which round it is, and the vault's message carries the trigger id.</summary>
    public async Task Triggered(RoundTriggered trigger, CancellationToken stop)
    {
        if (await registry.Find(trigger.Vault, stop) is not { } vault)
            return;
        if (await Recent(vault.Tournament, stop) is not { } round || round.CloseStakingTime <= clock.GetUtcNow())
            return;
        await queues.Send(VaultQueues.Submissions, Message(vault.Id, round, trigger.TriggerId), null, stop);
        triggered[vault.Id] = round;
    }

    /// <summary>The open round, asked some seconds ago if not now: a round that opens calls every vault's webhook at once. That none is open is never remembered.</summary>
    async Task<NumeraiRound?> Recent(int tournament, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (told.TryGetValue(tournament, out var last) && last.At <= now && now - last.At < Fresh && last.Round.CloseStakingTime > now)
            return last.Round;
        var round = await Current(tournament, stop);
        if (round is not null)
            told[tournament] = (now, round);
        return round;
    }

    /// <summary>The open round. Rounds that passed unseen since the last known one are remembered first: they count as missed.</summary>
    async Task<NumeraiRound?> Current(int tournament, CancellationToken stop)
    {
        var round = await numerai.CurrentRound(tournament, stop);
        if (round is null || await rounds.Last(tournament, stop) is not { } last)
            return round;
        for (var number = Math.Max(last + 1, round.Number - PassedMost); number < round.Number; number++)
        {
            if (await numerai.Round(tournament, number, stop) is { } passed)
                await rounds.Remember(tournament, passed, stop);
        }

        return round;
    }

    public static SubmitRound Message(string vault, NumeraiRound round, string? triggerId) =>
        new(vault, round.Number, round.OpenTime, round.CloseStakingTime, round.ResolveTime, triggerId);
}
