using Backstake.Functions.Notifications;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>Sends what the log says is due for a vault now, and that it has news, if it has.</summary>
public sealed class DueSender(VaultStore store, VaultRegistry registry, OpenRounds rounds, VaultQueues queues, VaultTelling telling, TimeProvider clock)
{
    public async Task Send(string vault, CancellationToken stop)
    {
        if (await registry.Find(vault, stop) is not { } registered)
            return;
        var now = clock.GetUtcNow();
        var state = await store.Load(vault, stop);
        foreach (var due in Due.Of(state, await rounds.At(registered.Tournament, now, stop), now))
            await queues.Send(due.Queue, due.Message, null, stop);
        await telling.Send(state, stop);
    }
}
