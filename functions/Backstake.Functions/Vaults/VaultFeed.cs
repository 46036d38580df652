using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>What those who follow a vault want to know of its log, as a feed: offers, results, missed rounds, weeks, notices, halts.</summary>
public static class VaultFeed
{
    /// <param name="origin">By which people know the app; empty: links are relative.</param>
    /// <param name="entries">The end of the log, in its order.</param>
    public static byte[] Of(VaultState state, string origin, IEnumerable<LogEntry> entries)
    {
        var address = $"{origin}/api/vaults/{state.Id}";
        var news = from entry in entries.Reverse()
                   let words = VaultWords.Of(entry.Event)
                   where words is not null
                   select new FeedEntry(state.Id, entry.Sequence, words, entry.At);
        return AtomFeed.Of(state.Id, $"Backstake: {state.Vault.Model}", $"{address}/feed", address, origin, state.Record.Cut(1), news);
    }
}
