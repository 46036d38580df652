using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace Backstake.Functions.Storage;

/// <summary>
/// Holds every stored row of a vault's log against the others: events without a gap, each continuing the chain of hashes, each with its natural key and
/// no other key, the head at their end, and every document that a settlement names. Whatever was changed, removed, added or swapped is named.
/// </summary>
public sealed class LogAudit(LogTable log, BlobStore blobs)
{
    static readonly TimeSpan Round = TimeSpan.FromDays(7);
    static readonly TimeSpan SweepMost = TimeSpan.FromMinutes(5); // how far the first sweep of a process looks back

    const int TriesMost = 5; // a vault that is never at rest is looked at the next time

    DateTimeOffset? last;

    /// <summary>The times since the last call in which vaults are to be looked at: each once a week, spread by the hash that its partition begins with.</summary>
    public Func<string, bool> Due(DateTimeOffset now)
    {
        var (from, to) = (last is { } then && then < now ? then : now - SweepMost, now);
        last = now;
        return to - from >= Round ? _ => true : vault =>
        {
            var offset = TimeSpan.FromSeconds(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(vault))) % (uint)Round.TotalSeconds);
            return Turn(to - offset) > Turn(from - offset);
        };
    }

    /// <param name="vault">Its id.</param>
    /// <param name="allDocuments">Every settlement's documents; else the last one's, which the next fold starts from.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="LogDamagedException">The first row that isn't what it must be, or the first document.</exception>
    public async Task Check(string vault, bool allDocuments, CancellationToken stop)
    {
        for (var tries = 1; tries <= TriesMost; tries++)
        {
            var before = (await log.Head(vault, stop)).ETag;
            try
            {
                await CheckOnce(vault, allDocuments, stop);
                return;
            }
            catch (LogDamagedException) when (before != default)
            {
                // Somebody may have appended between two pages: then what was read doesn't belong together.
                if ((await log.Head(vault, stop)).ETag == before)
                    throw;
            }
        }
    }

    async Task CheckOnce(string vault, bool allDocuments, CancellationToken stop)
    {
        var (sequence, chain, settled) = (0L, LogEntry.Genesis, 0L);
        var keys = new Dictionary<string, (string Digest, long Sequence)>(StringComparer.Ordinal);
        var settlements = new List<VaultSettled>();
        LogHead? head = null;
        await foreach (var row in log.Rows(vault, stop))
        {
            if (row.RowKey == VaultPartition.Cursor)
                continue;
            if (row.RowKey.StartsWith("e|", StringComparison.Ordinal))
            {
                var entry = LogRows.EntryOf(row, sequence + 1, chain);
                (sequence, chain) = (entry.Sequence, entry.Chain);
                Only(row, "Version", "Entry", "Chain");
                if (!keys.TryAdd(VaultPartition.KeyRow(entry.Key), (LogEntry.DigestOf(new(entry.Key, entry.Event, entry.At, entry.Source)), sequence)))
                    throw LogRows.Damaged(row, $"the natural key {entry.Key} is there twice");
                if (entry.Event is VaultSettled settlement)
                {
                    settled = sequence;
                    settlements.Add(settlement);
                }
            }
            else if (row.RowKey == VaultPartition.Head)
            {
                head = LogRows.HeadOf(row);
                Only(row, "Sequence", "Chain", "SettledSequence", LogRows.Damage);
                if (head.Sequence > sequence)
                    throw new LogDamagedException($"Row {row.PartitionKey}/{VaultPartition.EventRow(sequence + 1)} is missing.");
                if (head.Sequence != sequence || head.SettledSequence != settled || !head.Chain.AsSpan().SequenceEqual(chain))
                    throw LogRows.Damaged(row, $"the log ends with event {sequence}, and its last settlement is event {settled}");
            }
            else if (!keys.Remove(row.RowKey, out var key))
            {
                throw LogRows.Damaged(row, "no event has this key");
            }
            else if (row.Count(IsOwn) != 2 || !row.TryGetValue("Digest", out var digest) || digest as string != key.Digest
                || !row.TryGetValue("Sequence", out var place) || place as long? != key.Sequence)
            {
                throw LogRows.Damaged(row, $"it isn't the key of event {key.Sequence}");
            }
        }

        var partition = VaultPartition.Of(vault);
        if (head is null)
            throw new LogDamagedException($"Row {partition}/{VaultPartition.Head} is missing.");
        if (keys.Count > 0)
            throw new LogDamagedException($"Row {partition}/{keys.MinBy(key => key.Value.Sequence).Key} is missing.");
        foreach (var digest in settlements.TakeLast(allDocuments ? settlements.Count : 1).SelectMany(it => new[] { it.BooksDigest, it.RecordDigest, it.ProposalDigest, it.EntryDigest }))
            await blobs.Get(vault, digest, stop);
    }

    static bool IsOwn(KeyValuePair<string, object> property) => property is { Value: not null, Key: not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") };

    static void Only(TableEntity row, params string[] names)
    {
        if (row.FirstOrDefault(it => IsOwn(it) && !names.Contains(it.Key, StringComparer.Ordinal)).Key is { } stranger)
            throw LogRows.Damaged(row, $"the property {stranger} doesn't belong there");
    }

    static long Turn(DateTimeOffset time) => Math.DivRem(time.UtcTicks, Round.Ticks).Quotient;
}
