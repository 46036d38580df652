using System.Security.Cryptography;
using Backstake.Accounting;

namespace Backstake.Functions.Storage;

/// <summary>Where on chain an event was seen: its block, transaction and position.</summary>
public sealed record ChainSource(long Block, string Transaction, int LogIndex);

/// <summary>An event that is to be appended. <paramref name="Key"/> is its natural key: the same happening has the same key however often it is seen.</summary>
/// <param name="At">UTC: the block's time for what happened on chain, else the time of the observation.</param>
public sealed record NewEntry(string Key, LogEvent Event, DateTimeOffset At, ChainSource? Source = null);

/// <summary>An event in a vault's log, in its place.</summary>
/// <param name="Sequence">From 1, without a gap.</param>
/// <param name="Chain">32 bytes: SHA-256 of the previous entry's chain value and this entry's canonical bytes; 32 zeros before the first.</param>
public sealed record LogEntry(long Sequence, string Key, LogEvent Event, DateTimeOffset At, ChainSource? Source, byte[] Chain)
{
    public static readonly byte[] Genesis = LogChain.Genesis;

    /// <summary>Places a new event after the entry whose chain value is <paramref name="previousChain"/>.</summary>
    public static LogEntry Place(NewEntry entry, long sequence, byte[] previousChain) =>
        new(sequence, entry.Key, entry.Event, entry.At, entry.Source,
            LinkAfter(previousChain, LogEntryJson.CanonicalBytes(sequence, entry.Key, entry.Event, entry.At, entry.Source)));

    public static byte[] LinkAfter(byte[] previousChain, byte[] canonicalBytes) => LogChain.After(previousChain, canonicalBytes);

    /// <summary>What two deliveries of one happening share, whenever they arrive: key, event and source, not time or place.</summary>
    public static string DigestOf(NewEntry entry) =>
        Convert.ToHexStringLower(SHA256.HashData(LogEntryJson.CanonicalBytes(0, entry.Key, entry.Event, DateTimeOffset.UnixEpoch, entry.Source)));
}
