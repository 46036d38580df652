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
    /// <summary>Asks Numerai for the open round; a new one is fanned out, one message per vault of the tournament.</summary>
    public async Task Poll(int tournament, CancellationToken stop)
    {
        if (await numerai.CurrentRound(tournament, stop) is not { } round || round.CloseStakingTime <= clock.GetUtcNow())
            return;
        if (!await rounds.Remember(tournament, round, stop))
            return;
        await foreach (var vault in registry.All(stop))
        {
            if (vault.Tournament == tournament)
                await queues.Send(VaultQueues.Submissions, Message(vault.Id, round, null), null, stop);
        }
    }

    /// <summary>A webhook named a vault: Numerai is asked which round it is, and the vault's message carries the trigger id.</summary>
    public async Task Triggered(RoundTriggered trigger, CancellationToken stop)
    {
        if (await registry.Find(trigger.Vault, stop) is not { } vault)
            return;
        if (await numerai.CurrentRound(vault.Tournament, stop) is { } round && round.CloseStakingTime > clock.GetUtcNow())
            await queues.Send(VaultQueues.Submissions, Message(vault.Id, round, trigger.TriggerId), null, stop);
    }

    public static SubmitRound Message(string vault, NumeraiRound round, string? triggerId) =>
        new(vault, round.Number, round.OpenTime, round.CloseStakingTime, round.ResolveTime, triggerId);
}
