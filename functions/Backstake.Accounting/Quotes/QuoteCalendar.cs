namespace Backstake.Accounting;

/// <summary>When a vault's weeks end (UTC).</summary>
/// <param name="Cut">The end of a week: its settlement is of what happened before.</param>
/// <param name="AcceptedAfter">So long after the cut the settlement can be accepted at the earliest; from then on its money can be claimed, and units that joined are staked.</param>
public sealed record QuoteCalendar(Func<Week, DateTimeOffset> Cut, TimeSpan AcceptedAfter)
{
    public DateTimeOffset AcceptedFrom(Week week) => Cut(week) + AcceptedAfter;
}
