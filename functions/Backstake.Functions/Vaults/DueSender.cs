using Backstake.Functions.Notifications;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Submissions;

namespace Backstake.Functions.Vaults;

/// <summary>Sends what the log says is due for a vault now, and that it has news, if it has. What has a turn at Numerai later, or rests, isn't due before.</summary>
public sealed class DueSender(OpenRounds rounds, SubmissionTurns turns, RestingRounds resting, VaultQueues queues, VaultTelling telling, TimeProvider clock)
{
    public async Task Send(VaultState state, CancellationToken stop)
    {
        if (state.Sequence == 0)
            return;
        var now = clock.GetUtcNow();
        foreach (var due in Due.Of(state, await rounds.Recent(state.Vault.Tournament, now, stop), now))
        {
            if (due.Message is not SubmitRound submit || !(turns.MustWait(submit) || resting.MustWait(state, submit)))
                await queues.Send(due.Queue, due.Message, null, stop);
        }

        await telling.Send(state, stop);
    }
}
