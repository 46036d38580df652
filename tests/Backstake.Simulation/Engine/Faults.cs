namespace Backstake.Simulation.Engine;

public enum Service
{
    Tables,
    Blobs,
    Queues,
    Numerai,
    Chain,
}

/// <summary>What becomes of a call to the outside.</summary>
public enum Outcome
{
    Done,

    /// <summary>The connection broke before the request took effect.</summary>
    LostRequest,

    /// <summary>The request took effect, its answer was lost.</summary>
    LostAnswer,

    /// <summary>The service refused with a status, and nothing took effect.</summary>
    Refused,

    /// <summary>The request took effect, half of the answer arrived.</summary>
    HalfAnswer,

    /// <summary>A page of HTML came instead of the answer.</summary>
    Html,

    /// <summary>The asking process died before the request took effect.</summary>
    CrashBefore,

    /// <summary>The asking process died after the request took effect, before it had the answer.</summary>
    CrashAfter,
}

/// <param name="Before">Until the request reaches the service.</param>
/// <param name="After">Until the answer is there.</param>
/// <param name="Status">Of a refusal.</param>
public sealed record Fate(TimeSpan Before, TimeSpan After, Outcome Outcome, int Status = 0);

/// <summary>What becomes of a message that is put into a queue.</summary>
public sealed record MessageFate(bool Lost, TimeSpan Delay, IReadOnlyList<TimeSpan> Copies)
{
    public static readonly MessageFate Usual = new(false, TimeSpan.Zero, []);
}

/// <summary>
/// The faults of one run: which there are, and how likely, differs from seed to seed (swarm testing, FAULTS.md 2.1). In calm times there are none.
/// </summary>
public sealed record FaultRanges
{
    /// <summary>For each call to a service, its probabilities.</summary>
    public IReadOnlyDictionary<Service, CallFaults> Calls { get; init; } = new Dictionary<Service, CallFaults>();

    /// <summary>Of messages: lost (0–30 %), delivered again (0–50 %), delayed (up to days).</summary>
    public double MessagesLost { get; init; }

    public double MessagesAgain { get; init; }

    public double MessagesDelayed { get; init; }

    public TimeSpan MessageDelayMost { get; init; }

    /// <summary>A timer that doesn't fire, or fires on both machines.</summary>
    public double TimersLost { get; init; }

    public double TimersTwice { get; init; }

    public TimeSpan LatencyMost { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan DownMost { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>When Numerai or the node can't be reached at all.</summary>
    public IReadOnlyList<(Service Service, DateTimeOffset From, DateTimeOffset To)> Outages { get; init; } = [];

    /// <summary>When the base fee is so many times the usual one.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, int Times)> Spikes { get; init; } = [];

    public static readonly FaultRanges None = new();
}

/// <summary>Probabilities for one service.</summary>
public sealed record CallFaults(double LostRequest = 0, double LostAnswer = 0, double Refused = 0, double HalfAnswer = 0, double Html = 0, double Crash = 0, double Slow = 0);

/// <summary>Draws fates.</summary>
public sealed class FaultDice(FaultRanges ranges, Random64 random, Func<DateTimeOffset, bool> isCalm)
{
    static readonly int[] Statuses = [408, 429, 500, 503];
    static readonly TimeSpan SlowMost = TimeSpan.FromMinutes(3);

    public FaultRanges Ranges => ranges;

    public Random64 Random => random;

    public bool IsCalm(DateTimeOffset now) => isCalm(now);

    public Fate OfCall(Service service, DateTimeOffset now)
    {
        var before = random.Span(TimeSpan.FromMilliseconds(1), ranges.LatencyMost);
        if (isCalm(now) || !ranges.Calls.TryGetValue(service, out var calls))
            return new Fate(before, TimeSpan.Zero, Outcome.Done);
        var after = random.Span(TimeSpan.Zero, ranges.LatencyMost);
        if (ranges.Outages.Any(it => it.Service == service && it.From <= now && now < it.To))
            return new Fate(before, after, Outcome.LostRequest);
        if (random.Chance(calls.Slow))
            (before, after) = (random.Span(before, SlowMost), random.Span(after, SlowMost));
        var drawn = random.Part();
        foreach (var (outcome, probability) in new[]
        {
            (Outcome.LostRequest, calls.LostRequest), (Outcome.LostAnswer, calls.LostAnswer), (Outcome.Refused, calls.Refused), (Outcome.HalfAnswer, calls.HalfAnswer),
            (Outcome.Html, calls.Html), (Outcome.CrashBefore, calls.Crash / 2), (Outcome.CrashAfter, calls.Crash / 2),
        })
        {
            if (drawn < probability)
                return new Fate(before, after, outcome, random.Of(Statuses));
            drawn -= probability;
        }

        return new Fate(before, after, Outcome.Done);
    }

    public int TimesTheBaseFee(DateTimeOffset now) => isCalm(now) ? 1 : ranges.Spikes.Where(spike => spike.From <= now && now < spike.To).Select(spike => spike.Times).DefaultIfEmpty(1).Max();

    public MessageFate OfMessage(DateTimeOffset now)
    {
        if (isCalm(now))
            return MessageFate.Usual;
        var delay = random.Chance(ranges.MessagesDelayed) ? random.Span(TimeSpan.Zero, ranges.MessageDelayMost) : TimeSpan.Zero;
        List<TimeSpan> copies = [];
        while (copies.Count < 10 && random.Chance(ranges.MessagesAgain))
            copies.Add(random.Span(TimeSpan.Zero, random.Chance(0.2) ? ranges.MessageDelayMost : TimeSpan.FromMinutes(5)));
        return new MessageFate(random.Chance(ranges.MessagesLost), delay, copies);
    }
}
