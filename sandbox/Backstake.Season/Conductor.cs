using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Queues;

namespace Backstake.Season;

/// <summary>
/// Virtual time: it moves only when no message is visible, nothing is in flight, no transaction is pending, and a pass of everything changed nothing
/// (DESIGN.md, "Virtual time").
/// </summary>
public sealed class Conductor(Ground ground, AppProcess app, QueueServiceClient queues)
{
    static readonly string[] Queues = ["watch", "rounds", "submissions", "collects", "settlements", "releases"];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>A message that a killed app had taken stays invisible for minutes: when nothing runs for so long, what is left is such a message, and the sweep has replaced it.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromMilliseconds(400);

    const int PassesMost = 40; // far more than any moment needs: a loop that never ends must show itself

    /// <summary>Lets everything happen that is due now.</summary>
    public async Task SettleDown(CancellationToken stop)
    {
        var before = "";
        for (var pass = 0; pass < PassesMost; pass++)
        {
            await ground.Tournament.StepAsync(stop);
            var fired = await Task.WhenAll(AppProcess.Timers.Select(timer => app.Fire(timer, stop)));
            await Quiet(stop);
            var after = await Fingerprint(stop);
            if (after == before && fired.All(it => it))
                return;
            before = after;
        }

        throw new SeasonException(string.Create(CultureInfo.InvariantCulture, $"At {ground.Clock.GetUtcNow():u} the app doesn't come to rest; see {app.LogFile}."));
    }

    /// <summary>Waits until nothing moves by itself: seen twice, because between a message's delivery and its function's beginning nothing shows.</summary>
    async Task Quiet(CancellationToken stop)
    {
        var still = Stopwatch.StartNew();
        for (var calm = 0; calm < 2;)
        {
            var (waiting, visible) = await Messages(stop);
            if (await app.Running(stop) != 0 || visible || await ground.HasPending(stop))
            {
                still.Restart();
                calm = 0;
            }
            else
            {
                calm = waiting == 0 || still.Elapsed > Abandoned ? calm + 1 : 0;
            }

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
            return $"{await ground.Height(stop)}|{string.Join(',', vaults.EnumerateArray().Select(vault => vault.GetProperty("events").GetInt64()))}";
        }
        catch (HttpRequestException)
        {
            return Guid.NewGuid().ToString(); // the app died: not at rest
        }
    }
}
