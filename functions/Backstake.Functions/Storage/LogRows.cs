using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Backstake.Functions.Storage;

/// <summary>The rows of a vault's log, as they are written and read. What was changed behind our back is refused with the row's name, never guessed.</summary>
static class LogRows
{
    public const string Damage = "Damage";

    public static Dictionary<string, object> Key(NewEntry entry, LogEntry placed) => new(StringComparer.Ordinal)
    {
        ["Digest"] = LogEntry.DigestOf(entry),
        ["Sequence"] = placed.Sequence,
    };

    public static Dictionary<string, object> Event(LogEntry entry) => new(StringComparer.Ordinal)
    {
        ["Version"] = (int)LogEntryJson.Version,
        ["Entry"] = Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(entry.Sequence, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)),
        ["Chain"] = Convert.ToHexStringLower(entry.Chain),
    };

    public static Dictionary<string, object> Head(LogHead head) => new(StringComparer.Ordinal)
    {
        ["Sequence"] = head.Sequence,
        ["Chain"] = Convert.ToHexStringLower(head.Chain),
        ["SettledSequence"] = head.SettledSequence,
    };

    /// <exception cref="LogDamagedException">The row is no head.</exception>
    public static LogHead HeadOf(TableEntity row) =>
        row.TryGetValue("Sequence", out var sequence) && sequence is long and > 0 && row.TryGetValue("SettledSequence", out var settled) && settled is long and >= 0
            ? new((long)sequence, ChainOf(row), (long)settled, row.ETag) { Damage = row.TryGetValue(Damage, out var damage) ? damage as string : null }
            : throw Damaged(row, "it is no head");

    /// <exception cref="LogDamagedException">It isn't the entry that belongs after this chain value.</exception>
    public static LogEntry EntryOf(TableEntity row, long sequence, byte[] previousChain)
    {
        if (row.RowKey != VaultPartition.EventRow(sequence))
            throw new LogDamagedException($"Row {row.PartitionKey}/{VaultPartition.EventRow(sequence)} is missing.");
        var (version, text) = (row.TryGetValue("Version", out var stored) && stored is int number ? number : 0, row.TryGetValue("Entry", out var json) ? json as string ?? "" : "");
        LogEntry entry;
        try
        {
            entry = LogEntryJson.Read(version, text, previousChain);
        }
        catch (LogDamagedException unread)
        {
            // What continues the chain of hashes was written so: by a newer program.
            var isWhole = version is > 0 and <= byte.MaxValue && LogEntry.LinkAfter(previousChain, [(byte)version, .. Encoding.UTF8.GetBytes(text)]).AsSpan().SequenceEqual(ChainOf(row));
            throw new LogDamagedException(Damaged(row, unread.Message).Message) { IsNewer = isWhole };
        }

        if (!entry.Chain.AsSpan().SequenceEqual(ChainOf(row)))
            throw Damaged(row, "the chain of hashes is broken here");
        return entry.Sequence == sequence ? entry : throw Damaged(row, string.Create(CultureInfo.InvariantCulture, $"it holds event {entry.Sequence}"));
    }

    /// <exception cref="LogDamagedException">The row has no chain value.</exception>
    public static byte[] ChainOf(TableEntity row) => row.TryGetValue("Chain", out var chain) && chain is string { Length: 64 } hex && hex.All(char.IsAsciiHexDigitLower)
        ? Convert.FromHexString(hex)
        : throw Damaged(row, "the chain of hashes is broken here");

    /// <summary>The properties that are ours, not the service's.</summary>
    public static Dictionary<string, object> Own(TableEntity row) => row.Where(it => it is { Value: not null, Key: not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") })
        .ToDictionary(it => it.Key, it => it.Value, StringComparer.Ordinal);

    public static LogDamagedException Damaged(TableEntity row, string what) => new($"Row {row.PartitionKey}/{row.RowKey}: {what.TrimEnd('.')}.");
}
