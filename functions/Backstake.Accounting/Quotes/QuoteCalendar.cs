namespace Backstake.Accounting;

/// <summary>How the times of a vault's weeks are written (RFC 3339, UTC): the books themselves know no time.</summary>
/// <param name="Cut">The end of a week: its settlement is of what happened before.</param>
/// <param name="AcceptedFrom">When the settlement can be accepted at the earliest; from then on its money can be claimed, and units that joined are staked.</param>
public sealed record QuoteCalendar(Func<Week, string> Cut, Func<Week, string> AcceptedFrom);
