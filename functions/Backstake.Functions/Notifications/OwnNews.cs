using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Notifications;

/// <summary>News of somebody, without place and time.</summary>
public sealed record News(NotificationKind Kind, string Text, JsonObject Data);

/// <summary>What an address did in a vault or was paid from it, as the chain shows it: from an event of the log alone, and the terms on offer before it.</summary>
public static class OwnNews
{
    /// <param name="record">Its terms are those that the event may name.</param>
    /// <param name="address">0x and 40 lower-case hex digits.</param>
    /// <returns>Null: the event isn't this address's.</returns>
    public static News? Of(VaultRecord record, LogEvent happened, string address) => happened switch
    {
        Booked { Event: Deposit it } when it.Backer.Address == address =>
            Bought(NotificationKind.DepositAccepted, record, it.Terms, it.Units, (units, amount) => $"A deposit of {units} for {amount} NMR is accepted: they join at the next settlement"),
        Booked { Event: CancelDeposit it } when it.Backer.Address == address =>
            Bought(NotificationKind.DepositCancelled, record, it.Terms, it.Units, (units, amount) => $"A deposit of {units} is cancelled, and {amount} NMR are paid back"),
        Booked { Event: Exit it } when it.Backer.Address == address => Moved(NotificationKind.ExitAsked, it.Series, it.Units, units => $"The exit of {units} is asked: they leave at the next settlement"),
        Booked { Event: CancelExit it } when it.Backer.Address == address => Moved(NotificationKind.ExitCancelled, it.Series, it.Units, units => $"The exit of {units} is cancelled"),
        Booked { Event: Transfer it } when it.To.Address == address => Moved(NotificationKind.UnitsReceived, it.Series, it.Units, units => $"{units} were received from another address"),
        Booked { Event: Transfer it } when it.Backer.Address == address => Moved(NotificationKind.UnitsSent, it.Series, it.Units, units => $"{units} were sent to another address"),
        Claimed it when it.Holder == address => new(NotificationKind.PaymentClaimed, $"{it.Amount} NMR were paid to the wallet", new() { ["amount"] = $"{it.Amount}" }),
        OwnerPaid it when IsOwner(record, address) =>
            new(NotificationKind.IncomePaid, $"{it.Amount} NMR were paid to the owner from the {it.From}", new() { ["amount"] = $"{it.Amount}", ["from"] = it.From }),
        _ => null,
    };

    /// <summary>Who has something to do with the vault from this event on.</summary>
    public static IEnumerable<string> Named(LogEvent happened) => happened switch
    {
        VaultAdded it => [it.Owner.ToLowerInvariant()],
        Booked { Event: Deposit it } => [it.Backer.Address],
        Booked { Event: Transfer it } => [it.To.Address],
        _ => [],
    };

    public static bool IsOwner(VaultRecord record, string address) => string.Equals(record.Vault?.Owner, address, StringComparison.OrdinalIgnoreCase);

    public static string Counted(Units units) => units.Count == 1 ? "1 unit" : $"{units} units";

    static News Bought(NotificationKind kind, VaultRecord record, TermsId terms, Units units, Func<string, Nmr, string> words)
    {
        var amount = units * record.Terms[terms.Text].UnitSize;
        return new(kind, words(Counted(units), amount), new() { ["terms"] = terms.Text, ["units"] = units.Count, ["amount"] = $"{amount}" });
    }

    static News Moved(NotificationKind kind, SeriesId series, Units units, Func<string, string> words) =>
        new(kind, words(Counted(units)), new() { ["terms"] = series.Terms.Text, ["entryWeek"] = series.EntryWeek.Number, ["units"] = units.Count });
}
