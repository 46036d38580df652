using System.Collections.Concurrent;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Submissions;

/// <summary>
/// The rounds for which everything is done that could be: what comes next is a block's, a settlement's or a deposit's, and the log tells when it has come. Until then, or for some minutes, nothing of them is
/// due. Known to this process alone: another asks once more, which does no harm.
/// </summary>
public sealed class RestingRounds(TimeProvider clock)
{
    /// <summary>For so long while a transaction is on its way: then it is asked whether a block still takes it for what is paid for gas. The sweep looks after the transaction itself meanwhile.</summary>
    public static readonly TimeSpan MostForABlock = TimeSpan.FromMinutes(10);

    /// <summary>For so long while there is nothing to stake: a newer file, whose message was lost, is found then, or at the next look.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<string, Rest> resting = new(StringComparer.Ordinal);

    /// <summary>For how long a round rests at most whose step has just run to its end; null: not at all.</summary>
    /// <param name="isToStake">By the log there is something to stake. Where nothing was decided then, chain and log don't say the same yet, and that may end without another entry.</param>
    public static TimeSpan? MostOf(RoundRecord round, bool isToStake) => round switch
    {
        { SubmissionId: null } or { Stale: true } => null,
        { Closed: true } => Most,
        { IsCommitted: false } or { Intent: not null } => MostForABlock,
        _ => isToStake ? null : Most,
    };

    /// <summary>From this state of its vault on there is nothing to do for so long.</summary>
    public void Rests(VaultState state, int number, TimeSpan most)
    {
        var now = clock.GetUtcNow();
        resting[state.Id] = new(number, state.Sequence, now, Due.NextLook(state.Record.Rounds[number], now) is { } look && look < now + most ? look : now + most);
    }

    /// <summary>Whether that is still so: the log hasn't grown, and no look is due.</summary>
    public bool MustWait(VaultState state, SubmitRound message) =>
        resting.TryGetValue(state.Id, out var it) && it.Round == message.Round && it.Sequence == state.Sequence && clock.GetUtcNow() is var now && it.Since <= now && now < it.Until;

    sealed record Rest(int Round, long Sequence, DateTimeOffset Since, DateTimeOffset Until);
}
