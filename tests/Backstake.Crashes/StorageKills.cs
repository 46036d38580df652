using Azure;
using Backstake.Season;

namespace Backstake.Crashes;

/// <summary>
/// Kills Azurite (SIGKILL) in the middle of a moment of the season, starts it again with what it had written, and lets everything go on; where something
/// halted, the operator does what the runbook says. The app runs on all the time, and remembers what storage doesn't.
/// </summary>
public sealed class StorageKills(SeasonPlay play, Action<string> say)
{
    const int LooksMost = 6; // a halt and its resumption each, and again for what shows itself only then
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(3);
    static readonly TimeSpan Step = TimeSpan.FromMinutes(2); // what failed is tried again after one

    readonly RunbookOperator runbook = new(play, say);

    public int Kills { get; private set; }

    /// <summary>Kills that took acknowledged events of a log with them.</summary>
    public int LostEvents { get; private set; }

    /// <summary>Kills that took transactions of the outbox with them.</summary>
    public int LostNonces { get; private set; }

    /// <param name="settleDown">Lets everything happen that is due.</param>
    /// <param name="now">Whether this is the time to kill; where it never comes, everything that was due is done.</param>
    public async Task Kill(string name, Func<Task> settleDown, Func<Task<bool>> now, CancellationToken stop)
    {
        var azurite = play.Ground.Azurite;
        var settling = settleDown();
        while (!settling.IsCompleted && !await now())
            await Task.Delay(Poll, stop);
        var before = await StoredEnds.Read(azurite, stop);
        await azurite.KillAsync();
        await azurite.StartAgainAsync(stop);
        var after = await StoredEnds.Read(azurite, stop);
        try
        {
            await settling;
        }
        catch (Exception away) when (away is RequestFailedException or AggregateException or HttpRequestException or SeasonException)
        {
            // Storage was away meanwhile: all of it is done again below.
        }

        Kills++;
        LostEvents += before.EventsBeyond(after) > 0 ? 1 : 0;
        LostNonces += before.NoncesBeyond(after) > 0 ? 1 : 0;
        say($"{play.Ground.Clock.GetUtcNow():u} {name}: {before.EventsBeyond(after)} events and {before.NoncesBeyond(after)} nonces lost.");
        await GoOn(settleDown, stop);
    }

    async Task GoOn(Func<Task> settleDown, CancellationToken stop)
    {
        await DeliverAgain(stop);
        await settleDown();
        for (var looks = 1; ; looks++)
        {
            var didSomething = await runbook.Look(stop);
            play.Ground.Clock.Advance(Step);
            await play.Ground.MineNow(stop);
            await settleDown();
            if (!didSomething)
                return;
            Assert.True(looks < LooksMost, "What was resumed halts again and again.");
        }
    }

    /// <summary>A delegate whose file is gone stores it again.</summary>
    async Task DeliverAgain(CancellationToken stop)
    {
        if (play.Ground.Tournament.Calendar.Current(play.Ground.Clock.GetUtcNow()) is { } open)
            await play.Deliver(open.Number, stop);
    }
}
