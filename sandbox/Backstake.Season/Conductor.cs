using System.Globalization;
using Azure.Storage.Queues;
using Backstake.Sandbox;
using Backstake.Sandbox.Time;

namespace Backstake.Season;

/// <summary>
/// Virtual time: it moves only when no message is visible, nothing is in flight, no transaction is pending, and a pass of everything changed nothing
/// (DESIGN.md, "Virtual time").
/// </summary>
public sealed class Conductor(VirtualClock clock, Tournament tournament, Chain chain, AppProcess app, QueueServiceClient queues)
{
    static readonly string[] Queues = ["watch", "rounds", "submissions", "collects", "settlements", "releases"];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>A message that a killed app had taken stays invisible for minutes: when nothing runs for so long, what is left is such a message, and the sweep has replaced it.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromMilliseconds(400);

    const int PassesMost = 200; // far more than any moment needs: a loop that never ends must show itself

    /// <summary>Moves the clock to the time and lets everything that is due then happen.</summary>
    public async Task MoveTo(DateTimeOffset time, CancellationToken stop)
    {
        clock.MoveTo(time);
        await chain.MineAt(stop);
        await SettleDown(stop);
    }

    /// <summary>Lets everything happen that is due now.</summary>
    public async Task SettleDown(CancellationToken stop)
    {
        var before = "";
        for (var pass = 0; pass < PassesMost; pass++)
        {
            await tournament.StepAsync(stop);
            var fired = await Task.WhenAll(AppProcess.Timers.Select(timer => app.Fire(timer, stop)));
            await Quiet(stop);
            var after = await Fingerprint(stop);
            if (after == before && fired.All(it => it))
                return;
            before = after;
        }

        throw new SeasonException(string.Create(CultureInfo.InvariantCulture, $"At {clock.GetUtcNow():u} the app doesn't come to rest."));
    }

    /// <summary>Waits until nothing moves by itself.</summary>
    async Task Quiet(CancellationToken stop)
    {
        var still = System.Diagnostics.Stopwatch.StartNew();
        for (var calm = 0; calm < 2;)
        {
            var running = await app.Running(stop);
            var (waiting, visible) = await Messages(stop);
            if (running != 0 || visible || await chain.HasPending(stop))
                still.Restart();
            // Twice, because between a message's delivery and its function's beginning nothing shows.
            calm = still.Elapsed > Abandoned || (waiting == 0 && still.ElapsedTicks > 0 && running == 0 && !visible && !await chain.HasPending(stop)) ? calm + 1 : 0;
            await Task.Delay(Pause, stop);
        }
    }

    async Task<(int Waiting, bool Visible)> Messages(CancellationToken stop)
    {
        var waiting = 0;
        var visible = false;
        foreach (var name in Queues)
        {
            var queue = queues.GetQueueClient(name);
            try
            {
                var count = (await queue.GetPropertiesAsync(stop)).Value.ApproximateMessagesCount;
                waiting += count;
                visible |= count > 0 && (await queue.PeekMessagesAsync(1, stop)).Value.Length > 0;
            }
            catch (Azure.RequestFailedException missing) when (missing.Status == 404)
            {
                // The app makes its queues before its first function.
            }
        }

        return (waiting, visible);
    }

    async Task<string> Fingerprint(CancellationToken stop)
    {
        try
        {
            var vaults = (await app.Get("api/vaults", stop)).GetProperty("vaults");
            return $"{await chain.Height(stop)}|{string.Join(',', vaults.EnumerateArray().Select(vault => vault.GetProperty("events").GetInt64()))}";
        }
        catch (HttpRequestException)
        {
            return Guid.NewGuid().ToString(); // the app died: not at rest
        }
    }
}
