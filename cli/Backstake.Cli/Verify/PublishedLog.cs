using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Verify;

/// <summary>
/// A vault's log as an app sends it (NDJSON, an entry a line), read once and kept nowhere: whether its entries hang together by their hashes, are the history's events, and name the published weeks.
/// </summary>
internal sealed class PublishedLog
{
    private const string Chained = "The log's entries are chained by their hashes";
    private const string SameEvents = "The log's entries are the history's events";
    private const string SameWeeks = "The log names the published weeks by their digests";
    private static readonly byte[] ChainField = Encoding.ASCII.GetBytes(",\"chain\":\"");

    private readonly ReplayFile _history;
    private readonly IReadOnlyList<string> _weeks;
    private readonly List<string?> _roots = [];
    private byte[] _chain = LogChain.Genesis;
    private long _entries;
    private int _events;
    private string? _unchained;
    private string? _otherEvent;
    private string? _otherWeek;

    private PublishedLog(ReplayFile history, IReadOnlyList<string> weeks) => (_history, _weeks) = (history, weeks);

    /// <param name="url">The log behind its beginning.</param>
    /// <param name="history">What it must begin with.</param>
    /// <param name="weeks">SHA-256 of each published week, lower-case hex.</param>
    /// <exception cref="IOException">It can't be had, or broke off.</exception>
    /// <exception cref="MalformedHistoryException">A line is no entry.</exception>
    public static async Task<PublishedLog> Read(Uri url, ReplayFile history, IReadOnlyList<string> weeks, Steps steps, CancellationToken stop)
    {
        var log = new PublishedLog(history, weeks);
        using var step = steps.Begin("Following the log", history.Events.Length);
        await Download.Lines(url, stop, line => log.Add(url, line), (_, _) => step.Reach(Math.Min(log._events, history.Events.Length)));
        return log;
    }

    /// <param name="folded">The history's own fold, whose roots the log must have.</param>
    public IEnumerable<Check> Checks(FoldedHistory folded)
    {
        yield return Of(Chained, $"{_entries} entries, the last {Convert.ToHexStringLower(_chain)}", _unchained);
        yield return Of(SameEvents, $"{_history.Events.Length} events", _otherEvent ?? (_events < _history.Events.Length ? $"the log has {_events} of them, the history {_history.Events.Length}" : null));
        yield return Of(SameWeeks, $"{_weeks.Count} weeks", _otherWeek);
        yield return Check.Of("The log's roots are those of the history's books", $"{folded.Settlements.Length} weeks, root by root", WrongRoots(folded));
    }

    private static Check Of(string name, string detail, string? wrong) => wrong is null ? Check.Pass(name, detail) : Check.Fail(name, wrong);

    private IEnumerable<string> WrongRoots(FoldedHistory folded)
    {
        foreach (var (settled, root) in folded.Settlements.Zip(_roots))
        {
            var ours = settled.Root is null ? "none that a contract could have" : Convert.ToHexStringLower(settled.Root);
            if (root != ours) yield return $"week {settled.Week}: the log has the root {root}, the history's books {ours}";
        }

        if (_roots.Count < folded.Settlements.Length) yield return $"the log has settled {_roots.Count} weeks, the history {folded.Settlements.Length}";
    }

    private void Add(Uri url, ReadOnlySpan<byte> line)
    {
        _entries++;
        var at = line.LastIndexOf(ChainField);
        if (at < 0 || !line.EndsWith("\"}"u8) || Parse(line) is not { } entry) throw new MalformedHistoryException($"{url}: line {_entries} is no entry of a log");
        // What was hashed is the entry as it stands, without the hash.
        _chain = LogChain.After(_chain, [LogChain.Version, .. line[..at], (byte)'}']);
        var said = Encoding.UTF8.GetString(line[(at + ChainField.Length)..^2]);
        if (said != Convert.ToHexStringLower(_chain)) _unchained ??= $"entry {_entries}: the log says {said}, its content gives {Convert.ToHexStringLower(_chain)}";
        if (entry.GetProperty("sequence").GetInt64() != _entries) _unchained ??= $"entry {_entries} says that it is the {entry.GetProperty("sequence")}th";
        try
        {
            Follow(entry.GetProperty("event"));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MalformedHistoryException($"{url}: line {_entries} is no entry of a log");
        }
    }

    private void Follow(JsonElement happened)
    {
        switch (happened.GetProperty("type").GetString())
        {
            case "booked":
                var read = EventJson.Read(Encoding.UTF8.GetBytes(happened.GetProperty("event").GetRawText()));
                Compare(read.IsMalformed(out var malformed) ? throw new MalformedHistoryException($"entry {_entries}: {malformed}") : read.Value);
                break;
            case "vaultSettled":
                var week = happened.GetProperty("week").GetInt32();
                _roots.Add(happened.GetProperty("booksRoot").GetString());
                if (week - 1 < _weeks.Count && happened.GetProperty("entryDigest").GetString() is var digest && digest != _weeks[week - 1])
                    _otherWeek ??= $"week {week}: the log names {digest}, what is published is {_weeks[week - 1]}";
                Compare(new Settle(new Week(week)));
                break;
        }
    }

    /// <summary>What the log has beyond the history came meanwhile.</summary>
    private void Compare(VaultEvent happened)
    {
        if (_events < _history.Events.Length && _history.Events[_events] != happened)
            _otherEvent ??= $"events[{_events}]: the log (entry {_entries}) has {Encoding.UTF8.GetString(EventJson.Write(happened))}, the history {Encoding.UTF8.GetString(EventJson.Write(_history.Events[_events]))}";
        _events++;
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } entry && entry.TryGetProperty("sequence", out var sequence) && sequence.TryGetInt64(out _) ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
