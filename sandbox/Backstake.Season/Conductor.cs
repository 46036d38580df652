using System.Diagnostics;
using System.Globalization;
using Azure;
using Azure.Storage.Queues;

namespace Backstake.Season;

/// <summary>
/// Virtual time: it moves only when no message is visible, nothing is in flight, no transaction is pending, and a pass of everything brought no new block
/// (DESIGN.md, "Virtual time").
/// </summary>
public sealed class Conductor
{
    static readonly string[] Queues = ["watch", "rounds", "submissions", "nodes", "collects", "settlements", "releases", "news"];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);
    static readonly TimeSpan PauseOfLongWork = TimeSpan.FromMilliseconds(50); // looking is work for the machine, too
    static readonly TimeSpan LongWork = TimeSpan.FromSeconds(1);

    const int PassesMost = 40; // far more than any moment needs: a loop that never ends must show itself
    const int PeekedMost = 32; // that Azure Queue storage shows at once

    /// <summary>A message that was sent for later stays invisible: when nothing runs for so long, what is left is such messages, and the sweep replaces them when they are due. One that failed comes again sooner.</summary>
    static readonly TimeSpan SentForLater = TimeSpan.FromSeconds(3);

    readonly Ground ground;
    readonly AppProcess app;
    readonly QueueServiceClient queues;
    readonly TimeSpan laterAfter;

    /// <summary>So many messages aren't waited for: those that were sent for later, and those that a killed app had taken, which stay invisible for minutes.</summary>
    int asleep;

    /// <param name="laterAfter">When a hidden message is believed to be sent for later; null: so late that one which failed has come again.</param>
    public Conductor(Ground ground, AppProcess app, QueueServiceClient queues, TimeSpan? laterAfter = null)
    {
        (this.ground, this.app, this.queues, this.laterAfter) = (ground, app, queues, laterAfter ?? SentForLater);
        app.FoundDead = CountAsleep;
    }

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
                else if ((hidden <= asleep || still.Elapsed > laterAfter) && await app.Activity(stop) == before && !await ground.HasPending(stop))
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

    /// <summary>While the app is dead: all that is hidden is what it had taken, or was sent for later.</summary>
    async Task CountAsleep(CancellationToken stop)
    {
        try
        {
            asleep = (await Counts(stop)).Sum(queue => queue.Visible < PeekedMost ? queue.All - queue.Visible : 0);
        }
        catch (Exception gone) when (gone is RequestFailedException or AggregateException)
        {
            // storage is down, too: whatever is hidden is waited for
        }
    }

    /// <summary>How many messages are taken and not finished, or sent for later; null if one is visible.</summary>
    async Task<int?> Hidden(CancellationToken stop)
    {
        var counts = await Counts(stop);
        return counts.All(queue => queue.Visible == 0) ? counts.Sum(queue => queue.All) : null;
    }

    Task<(int All, int Visible)[]> Counts(CancellationToken stop) => Task.WhenAll(Queues.Select(name => Count(queues.GetQueueClient(name), stop)));

    static async Task<(int All, int Visible)> Count(QueueClient queue, CancellationToken stop)
    {
        try
        {
            var count = (await queue.GetPropertiesAsync(stop)).Value.ApproximateMessagesCount;
            return (count, count == 0 ? 0 : (await queue.PeekMessagesAsync(PeekedMost, stop)).Value.Length);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return (0, 0); // the app makes its queues before its first function
        }
    }
}
