namespace Backstake.Sandbox.Rounds;

/// <summary>
/// Which round is when: five a week, Tuesday to Friday and over the weekend, counted from a first round on a first Tuesday
/// (NUMERAI.md, Rounds; data/vectors/rounds_calendar.json). Scores appear Tuesday to Saturday: the first on the 4th such day after opening, the 20th and last on the 23rd.
/// </summary>
public sealed class RoundCalendar
{
    public const int RoundsPerWeek = 5;
    private const int FirstScoreDay = 4;
    private const int LastScoreDay = FirstScoreDay + 19;

    // Assumption: late submissions are taken for another day. Numerai's closeTime "runs on for days"; one day keeps a gap without any round
    // (Monday 14:00 to Tuesday 12:00), which callers must survive.
    private static readonly TimeSpan LateSubmissions = TimeSpan.FromDays(1);

    // Assumption: scores and resolutions come out at 20:00; no hour is documented.
    private static readonly TimeSpan ScoreHour = TimeSpan.FromHours(20);

    private readonly DateTimeOffset firstOpen;

    /// <param name="firstRound">Number of the round of that Tuesday.</param>
    /// <param name="firstTuesday">Its date; another weekday throws.</param>
    /// <param name="lastRound">The last round there is; null: no end.</param>
    public RoundCalendar(int firstRound, DateOnly firstTuesday, int? lastRound = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRound, 1);
        if (firstTuesday.DayOfWeek != DayOfWeek.Tuesday)
        {
            throw new ArgumentException($"The first round opens on a Tuesday; {firstTuesday:yyyy-MM-dd} is a {firstTuesday.DayOfWeek}.", nameof(firstTuesday));
        }
        FirstRound = firstRound;
        LastRound = lastRound ?? int.MaxValue;
        firstOpen = new DateTimeOffset(firstTuesday, new TimeOnly(12, 0), TimeSpan.Zero);
    }

    public int FirstRound { get; }

    public int LastRound { get; }

    /// <summary>The round of that number, or null when there is none.</summary>
    public Round? Find(int number) => number < FirstRound || number > LastRound ? null : Get(number);

    /// <summary>The round of that number; throws when there is none.</summary>
    public Round Get(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, FirstRound);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, LastRound);
        var (week, day) = Math.DivRem(number - FirstRound, RoundsPerWeek);
        var open = firstOpen.AddDays((7 * week) + day);
        var closeStaking = open.DayOfWeek == DayOfWeek.Saturday ? open.AddHours(26) : open.AddHours(1);
        return new Round(number, open, closeStaking, closeStaking + LateSubmissions, ScoringDay(open, FirstScoreDay), ScoringDay(open, LastScoreDay));
    }

    /// <summary>The round opened last by <paramref name="now"/>, whether or not it still takes submissions; null before the first.</summary>
    public Round? LatestOpened(DateTimeOffset now)
    {
        if (now < firstOpen)
        {
            return null;
        }
        var days = (int)(now - firstOpen).TotalDays;
        var (week, day) = Math.DivRem(days, 7);
        var number = FirstRound + (RoundsPerWeek * week) + Math.Min(day, RoundsPerWeek - 1);
        return Get(Math.Min(number, LastRound));
    }

    /// <summary>Numerai's "round 0": the round opened last, while it takes submissions (late ones too); null between rounds.</summary>
    public Round? Current(DateTimeOffset now) => LatestOpened(now) is { } round && round.TakesSubmissions(now) ? round : null;

    /// <summary>The first round that opens after <paramref name="now"/>; null after the last.</summary>
    public Round? NextToOpen(DateTimeOffset now) => Find((LatestOpened(now)?.Number ?? FirstRound - 1) + 1);

    /// <summary>All rounds opened by <paramref name="now"/>, oldest first.</summary>
    public IEnumerable<Round> Opened(DateTimeOffset now)
    {
        if (LatestOpened(now) is not { } latest)
        {
            yield break;
        }
        for (var number = FirstRound; number <= latest.Number; number++)
        {
            yield return Get(number);
        }
    }

    /// <summary>The n-th day with scores (Tuesday to Saturday) after the day of <paramref name="open"/>.</summary>
    private static DateTimeOffset ScoringDay(DateTimeOffset open, int n)
    {
        var day = open - open.TimeOfDay;
        while (n > 0)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Sunday or DayOfWeek.Monday))
            {
                n--;
            }
        }
        return day + ScoreHour;
    }
}
