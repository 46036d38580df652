using Backstake.Functions.Numerai;
using Backstake.Functions.Tests.Identity;

namespace Backstake.Functions.Tests.Numerai;

/// <summary>Numerai's limits: what a step needs is reserved together, and whoever finds no room gets a turn at which there is (FAULTS.md E-5).</summary>
public sealed class NumeraiCallsTests
{
    static readonly DateTimeOffset Begin = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    static readonly IReadOnlyList<Calls> Look = [new("model")];
    static readonly int Most = NumeraiCalls.Most["model"];
    static readonly int MostOfWhatHasTime = Most * 9 / 10;

    readonly HandClock clock = new(Begin);
    readonly NumeraiCalls calls;
    readonly List<DateTimeOffset> made = [];

    public NumeraiCallsTests() => calls = new(clock);

    [Fact]
    public void WhoIsRefused_GetsATurnOfItsOwn_InTheirOrder_AndFindsRoomThen()
    {
        var turns = new List<(string Who, DateTimeOffset At)>();
        for (var i = 0; i < 3 * Most; i++)
        {
            if (Try($"{i}") is { } turn)
                turns.Add(($"{i}", turn));
            clock.Now += TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal((3 * Most) - MostOfWhatHasTime, turns.Count);
        Assert.Equal(turns.OrderBy(turn => turn.At), turns);
        Assert.True(turns.Select(turn => turn.At).Distinct().Count() > turns.Count * 9 / 10, "They come spread, as those before them came.");
        foreach (var (who, at) in turns)
        {
            if (at > clock.Now)
            {
                clock.Now = at - TimeSpan.FromTicks(1);
                Assert.True(calls.MustWait(who, isUrgent: false));
                clock.Now = at;
            }

            Assert.False(calls.MustWait(who, isUrgent: false));
            Assert.Null(Try(who));
        }

        AssertBelowTheLimit();
    }

    [Fact]
    public void WhoComesLateForItsTurn_IsRefusedAFewTimesAtMost_AndNobodyIsLost()
    {
        var random = new Random(5);
        var waiting = Enumerable.Range(0, 500).ToDictionary(i => $"{i}", _ => (At: Begin, Tries: 0), StringComparer.Ordinal);
        var tries = new List<int>();
        while (waiting.Count > 0)
        {
            var (who, turn) = waiting.MinBy(it => it.Value.At);
            clock.Now = turn.At > clock.Now ? turn.At : clock.Now;
            if (Try(who) is { } next)
                waiting[who] = (next + TimeSpan.FromSeconds(random.Next(20)), turn.Tries + 1); // as late as a queue is polled
            else if (waiting.Remove(who))
                tries.Add(turn.Tries + 1);
        }

        Assert.InRange(tries.Max(), 2, 6);
        Assert.InRange(clock.Now, Begin.AddMinutes(5), Begin.AddMinutes(10));
        AssertBelowTheLimit();
    }

    [Fact]
    public void WhatIsUrgent_FindsTheRoomThatIsKept_AndGoesBeforeEveryTurnThatIsNot()
    {
        var patient = Enumerable.Range(0, 4 * Most).Select(i => $"patient {i}").Where(who => Try(who) is not null).ToList();
        for (var i = 0; i < Most - MostOfWhatHasTime; i++)
            Assert.Null(Try($"urgent {i}", isUrgent: true));
        var urgent = Enumerable.Range(0, 30).Select(i => $"more urgent {i}").ToList();
        Assert.All(urgent, who => Assert.InRange(Try(who, isUrgent: true)!.Value, Begin.AddMinutes(1), Begin.AddMinutes(1.01)));
        clock.Now += TimeSpan.FromMinutes(1.01);
        foreach (var who in patient.Take(Most))
            Try(who); // who has a turn and comes first
        Assert.All(urgent, who => Assert.InRange((Try(who, isUrgent: true) ?? clock.Now) - Begin, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2.1)));
        AssertBelowTheLimit();
    }

    [Fact]
    public void WhatHasBecomeUrgent_WaitsForNoTurnThatWasNot()
    {
        for (var i = 0; i < 3 * Most; i++)
            Try($"{i}");
        var last = $"{(3 * Most) - 1}";
        Assert.True(calls.MustWait(last, isUrgent: false));
        Assert.False(calls.MustWait(last, isUrgent: true));
        Assert.Null(Try(last, isUrgent: true));
        Assert.False(calls.MustWait(last, isUrgent: false)); // its turn was used
    }

    [Fact]
    public void StepThatLacksRoomForOneOfItsCalls_ReservesNone_AndWhatWasNotMadeIsFreeAgain()
    {
        for (var i = 0; i < MostOfWhatHasTime; i++)
            calls.Count("submissionUploadAuth");
        Assert.Throws<NumeraiException>(() => calls.Reserve("upload", false, [new("model"), new("submissionUploadAuth")]));
        for (var i = 0; i < Most; i++)
        {
            using var room = calls.Reserve($"{i}", false, [new("model", 2), new("submissionDownloadAuth")]);
            if (i % 2 == 0)
                calls.Count("submissionDownloadAuth");
        }

        for (var i = 0; i < Most; i++)
            calls.Count("model"); // all of them: none was kept by who made none
        Assert.Throws<NumeraiException>(() => calls.Count("model"));
    }

    [Fact]
    public async Task ReservedCall_IsMadeHoweverManyOthersCome_AndCountsOnce()
    {
        using (calls.Reserve("step", false, Look))
        {
            Task others;
            using (ExecutionContext.SuppressFlow())
            {
                others = Task.Run(() =>
                {
                    for (var i = 0; i < Most - 1; i++)
                        calls.Count("model");
                    Assert.Throws<NumeraiException>(() => calls.Count("model"));
                });
            }

            await others;
            calls.Count("model");
        }

        var refused = Assert.Throws<NumeraiException>(() => calls.Count("model"));
        Assert.Equal((NumeraiException.LimitCause, Begin.AddMinutes(1).AddTicks(1)), (refused.Cause, refused.FreeAt));
        clock.Now = refused.FreeAt;
        calls.Count("model");
    }

    /// <summary>One look; null, or the turn that was given.</summary>
    DateTimeOffset? Try(string who, bool isUrgent = false)
    {
        try
        {
            using var room = calls.Reserve(who, isUrgent, Look);
            calls.Count("model");
            made.Add(clock.Now);
            return null;
        }
        catch (NumeraiException limit) when (limit.Cause == NumeraiException.LimitCause)
        {
            return limit.FreeAt;
        }
    }

    void AssertBelowTheLimit() => Assert.All(made, first => Assert.InRange(made.Count(at => first <= at && at <= first + TimeSpan.FromMinutes(1)), 1, Most));
}
