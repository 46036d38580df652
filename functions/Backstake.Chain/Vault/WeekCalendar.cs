using Backstake.Accounting;

namespace Backstake.Chain.Vault;

/// <summary>When a vault's weeks end (UTC).</summary>
/// <param name="Cut">The end of a week.</param>
/// <param name="AcceptedAfter">So long after it the settlement can be accepted at the earliest.</param>
public sealed record WeekCalendar(Func<Week, DateTimeOffset> Cut, TimeSpan AcceptedAfter)
{
    public DateTimeOffset AcceptedFrom(Week week) => Cut(week) + AcceptedAfter;

    public QuoteCalendar Written => new(week => UtcText.Of(Cut(week)), week => UtcText.Of(AcceptedFrom(week)));
}
