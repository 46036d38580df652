
namespace Backstake.Accounting;

/// <summary>
/// Folds a history of any length from a stream, and writes its books as they come: only the open state is kept (and, to the end, which events were refused). The stream is read
/// twice: once to see that all of it is well-formed, so that a malformed one writes nothing, and once to fold.
/// </summary>
public static class ReplayStream
{
    /// <summary>Where the history is malformed, or null: then all books have been written, the bytes of <see cref="BooksDocument.Write"/>.</summary>
    /// <param name="history">Read from its beginning; what can't be read twice, like a pipe, is kept whole.</param>
    public static Malformed? Replay(Stream history, Action<ReadOnlySpan<byte>> write)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(write);
        if (!history.CanSeek)
        {
            using var kept = new MemoryStream();
            history.CopyTo(kept);
            return Replay(kept, write);
        }

        history.Position = 0;
        if (!new EventStream(history).IsOfTheUsualForm()) return ReplayWhole(history, write);
        history.Position = 0;
        var events = new EventStream(history);
        events.ReadHead();
        return Write(new ReplayFile(events.Vault, events.Terms, []), events.Events(), write);
    }

    /// <summary>A malformed file, to name the place; or one that is written in another way than ours, for example with the terms behind the events.</summary>
    private static Malformed? ReplayWhole(Stream history, Action<ReadOnlySpan<byte>> write)
    {
        history.Position = 0;
        var utf8 = new byte[history.Length];
        history.ReadExactly(utf8);
        var file = ReplayFile.Read(utf8);
        return file.IsMalformed(out var malformed) ? malformed : Write(file.Value, file.Value.Events, write);
    }

    private static Malformed? Write(ReplayFile file, IEnumerable<VaultEvent> events, Action<ReadOnlySpan<byte>> write)
    {
        var fold = new Fold(file.Begin());
        using var document = new BooksWriter(write);
        var index = 0;
        foreach (var vaultEvent in events)
        {
            if (fold.Apply(vaultEvent, out var settlement) is { } refusal) document.Add(new RefusedEvent(index, refusal));
            if (settlement is not null) document.Add(settlement.Entry);
            index++;
        }

        document.End();
        return null;
    }
}
