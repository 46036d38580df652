using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Quotes;

/// <summary>A vault's history, folded here, and what of its calendar is known.</summary>
internal sealed record QuotedVault(ReplayFile History, Books Books, IReadOnlyDictionary<Round, Week> Closed, WeekCalendar? Calendar)
{
    private const int DaysAWeek = 7;

    /// <param name="calendar">Null where nobody said when the weeks end.</param>
    public static QuotedVault Of(ReplayFile history, WeekCalendar? calendar)
    {
        var fold = new Fold(history.Begin());
        var (week, closed) = (new Week(1), new Dictionary<Round, Week>());
        foreach (var happened in history.Events)
        {
            if (fold.Apply(happened, out var settlement) is not null) continue;
            if (settlement is not null) week = settlement.Week + 1;
            if (happened is Close close) closed[close.Round] = week;
        }

        return new(history, fold.Books, closed, calendar);
    }

    /// <summary>Assumption: five rounds a week, and each resolves when the vault stakes its next part of N; what is overdue, in this week.</summary>
    public Week Resolving(Round round)
    {
        var (due, next) = (Closed[round] + Quote.WeeksOfARound(Books.Vault), Books.LastWeek + 1);
        return due > next ? due : next;
    }

    /// <summary>From the app's own word on its next cut; null where it gives none.</summary>
    public static WeekCalendar? CalendarOf(ReadOnlyMemory<byte> summary)
    {
        using var json = JsonDocument.Parse(summary);
        return json.RootElement.TryGetProperty("nextCut", out var cut) && cut.TryGetDateTimeOffset(out var next)
            && json.RootElement.TryGetProperty("lastWeek", out var week) && week.TryGetInt32(out var last)
            && json.RootElement.TryGetProperty("acceptedAfterSeconds", out var seconds) && seconds.TryGetInt32(out var after)
            ? new(one => next.AddDays(DaysAWeek * (one.Number - last - 1)), TimeSpan.FromSeconds(after))
            : null;
    }

    /// <param name="first">The first week's cut.</param>
    public static WeekCalendar CalendarFrom(DateTimeOffset first) => new(week => first.AddDays(DaysAWeek * (week.Number - 1)), AcceptedAfter);

    /// <summary>DESIGN.md, "The week".</summary>
    private static readonly TimeSpan AcceptedAfter = TimeSpan.FromHours(40);
}
