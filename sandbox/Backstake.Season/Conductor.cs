using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Queues;

namespace Backstake.Season;

/// <summary>
/// Virtual time: it moves only when no message is visible, nothing is in flight, no transaction is pending, and a pass of everything brought no new block
/// (DESIGN.md, "Virtual time").
/// </summary>
/// <param name="abandonedAfter">When a hidden message is believed to stay so; null: where the app may be killed at any moment.</param>
public sealed class Conductor(Ground ground, AppProcess app, QueueServiceClient queues, TimeSpan? abandonedAfter = null)
{
    static readonly string[] Queues = ["watch", "rounds", "submissions", "nodes", "collects", "settlements", "releases", "news"];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);
    static readonly TimeSpan PauseOfLongWork = TimeSpan.FromMilliseconds(50); // looking is work for the machine, too
    static readonly TimeSpan LongWork = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A message that a killed app had taken stays invisible for minutes, as does one that was sent for later: when nothing runs for so long, what is left is such messages, and the sweep replaces them
    /// when they are due.
    /// </summary>
    readonly TimeSpan abandoned = abandonedAfter ?? TimeSpan.FromMilliseconds(400);

    int asleep; // so many were found to be such messages: they aren't waited for again

    const int PassesMost = 40; // far more than any moment needs: a loop that never ends must show itself

    /// <summary>How many passes of the timers it took at most, after the app's last death at a moment, until nothing was left to do.</summary>
    public int LongestRepair { get; private set; }

    /// <summary>
    /// Lets everything happen that is due now. All timers are fired first; then the chain watcher alone, which also sends what has become due, until a
    /// pass brings no new block: then the app has seen everything that the chain says, and has sent nothing since.
    /// </summary>
    public async Task SettleDown(CancellationToken stop)
    {
        var timers = AppProcess.Timers;
        int? died = null;
        for (var pass = 0; pass < PassesMost; pass++)
        {
            var height = await Mined(stop);
            var undisturbed = await Fire(timers, stop);
            if (undisturbed && await ground.Height(stop) == height)
            {
                LongestRepair = Math.Max(LongestRepair, pass - (died ?? pass));
                return;
            }

            died = undisturbed ? died : pass;
            timers = undisturbed ? AppProcess.Watching : AppProcess.Timers;
        }

        throw new SeasonException(string.Create(CultureInfo.InvariantCulture, $"At {ground.Clock.GetUtcNow():u} the app doesn't come to rest; see {app.LogFile}."));
    }

    /// <summary>Fires these timers and lets everything happen that follows, but for what the chain says next.</summary>
    /// <returns>False if the app died meanwhile.</returns>
    public async Task<bool> Pass(IReadOnlyList<string> timers, CancellationToken stop)
    {
        await Mined(stop);
        return await Fire(timers, stop);
    }

    async Task<bool> Fire(IReadOnlyList<string> timers, CancellationToken stop)
    {
        var life = app.Starts;
        var fired = await Task.WhenAll(timers.Select(timer => app.Fire(timer, stop)));
        await Quiet(stop);
        return fired.All(it => it) && app.Starts == life;
    }

    /// <summary>The chain's height when the tournament has done what is due, and no transaction waits.</summary>
    async Task<ulong> Mined(CancellationToken stop)
    {
        await ground.Tournament.StepAsync(stop);
        while (await ground.HasPending(stop))
            await Task.Delay(Pause, stop);
        return await ground.Height(stop);
    }

    /// <summary>
    /// Waits until nothing moves by itself. A function sends what comes next before its own message is gone, so: nothing runs, no message is left, and
    /// no function has begun between the two looks.
    /// </summary>
    async Task Quiet(CancellationToken stop)
    {
        var (still, began) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (true)
        {
            var before = await app.Activity(stop);
            if (before is { Running: 0 } && !await ground.HasPending(stop))
            {
                if (await Hidden(stop) is not { } hidden)
                {
                    still.Restart();
                }
                else if ((hidden <= asleep || still.Elapsed > abandoned) && await app.Activity(stop) == before && !await ground.HasPending(stop))
                {
                    asleep = hidden;
                    return;
                }
            }
            else
            {
                still.Restart();
            }

            await Task.Delay(began.Elapsed < LongWork ? Pause : PauseOfLongWork, stop);
        }
    }

    /// <summary>How many messages are taken and not finished, or sent for later; null if one is visible.</summary>
    async Task<int?> Hidden(CancellationToken stop)
    {
        var found = await Task.WhenAll(Queues.Select(name => Hidden(queues.GetQueueClient(name), stop)));
        return found.All(count => count is not null) ? found.Sum() : null;
    }

    static async Task<int?> Hidden(QueueClient queue, CancellationToken stop)
    {
        try
        {
            var count = (await queue.GetPropertiesAsync(stop)).Value.ApproximateMessagesCount;
            return count > 0 && (await queue.PeekMessagesAsync(1, stop)).Value.Length > 0 ? null : count;
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            return 0; // the app makes its queues before its first function
        }
    }
}
