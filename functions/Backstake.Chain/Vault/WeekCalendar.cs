using System.Globalization;
using Backstake.Accounting;

namespace Backstake.Chain.Vault;

/// <summary>When a vault's weeks end (UTC).</summary>
/// <param name="Cut">The end of a week.</param>
/// <param name="AcceptedAfter">So long after it the settlement can be accepted at the earliest.</param>
public sealed record WeekCalendar(Func<Week, DateTimeOffset> Cut, TimeSpan AcceptedAfter)
{
    public DateTimeOffset AcceptedFrom(Week week) => Cut(week) + AcceptedAfter;

    public QuoteCalendar Written => new(week => Text(Cut(week)), week => Text(AcceptedFrom(week)));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
