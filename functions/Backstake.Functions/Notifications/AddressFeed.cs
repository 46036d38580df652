using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Notifications;

/// <summary>What the chain shows of an address anyway: its deposits, exits, transfers and payments, and the weeks that were settled while it held what it holds now.</summary>
public static class AddressFeed
{
    /// <param name="state">The vault.</param>
    /// <param name="entries">The end of its log.</param>
    /// <param name="backer">The address.</param>
    public static IEnumerable<FeedEntry> Of(VaultState state, IEnumerable<LogEntry> entries, Backer backer)
    {
        var first = FirstWeek(state.Books, backer);
        foreach (var entry in entries)
        {
            var words = OwnNews.Of(state.Record, entry.Event, backer.Address) is { Kind.IsInFeed: true } own ? own.Text
                : entry.Event is VaultSettled settled && settled.Week >= first ? VaultWords.Of(settled)
                : null;
            if (words is not null)
                yield return new(state.Id, entry.Sequence, $"{state.Vault.Model}: {words}", entry.At);
        }
    }

    /// <summary>The week in which the oldest of the backer's units joined; null: it has none.</summary>
    static int? FirstWeek(Books books, Backer backer) => books.Series.Values.Where(series => !series.Holders.Of(backer).IsZero).Select(series => series.Id)
        .Concat(books.Tranches.Values.Where(tranche => !tranche.Holders.Of(backer).IsZero).Select(tranche => tranche.Id.Series))
        .Select(series => (int?)series.EntryWeek.Number).Min();
}
