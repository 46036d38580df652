using System.Collections.Concurrent;
using Azure;
using Backstake.Accounting;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Vaults;

/// <summary>
/// Vaults' states, folded from their logs, and appending to them. A step is run by <see cref="Run"/>: one at a time per vault in this process, and
/// decided again on the newest state when another machine appended meanwhile.
/// </summary>
public sealed class VaultStore(LogTable log, BlobStore blobs, TimeProvider clock, ILogger<VaultStore> logger)
{
    const int TriesMost = 5; // losing the race for the head is normal; five times in a row means that another worker is busy with this vault

    static readonly TimeSpan Recently = TimeSpan.FromMinutes(4); // less than from one sweep to the next: what nothing but the sweep looks at, each sweep reads

    readonly KnownStates known = new();
    readonly ConcurrentDictionary<string, DateTimeOffset> newestAt = new(StringComparer.Ordinal); // when what is known of a vault was its newest state
    readonly Gates gates = new();

    /// <summary>Runs a step on the vault's newest state. Nothing is run for a vault that has halted, or whose log has ended.</summary>
    /// <exception cref="HeadMovedException">Others kept appending; the message is to be tried again later.</exception>
    /// <exception cref="LogDamagedException">A stored row or document was changed behind our back: found now, and from now on the vault has halted.</exception>
    public Task Run(string vault, Func<VaultWork, Task> step, CancellationToken stop) => Run(vault, step, alsoHalted: false, stop);

    /// <summary>As <see cref="Run(string, Func{VaultWork, Task}, CancellationToken)"/>, for what an operator does to a vault that has halted.</summary>
    public Task RunHalted(string vault, Func<VaultWork, Task> step, CancellationToken stop) => Run(vault, step, alsoHalted: true, stop);

    async Task Run(string vault, Func<VaultWork, Task> step, bool alsoHalted, CancellationToken stop)
    {
        using var alone = await gates.Enter(vault);
        for (var tries = 1; ; tries++)
        {
            VaultWork? work = null;
            try
            {
                var state = await Load(vault, stop);
                if (state.Record.IsOver && !alsoHalted)
                    return;
                work = new VaultWork(this, state);
                await step(work);
                return;
            }
            catch (LogDamagedException damage)
            {
                if (damage.IsKnown)
                    return;
                await Mark(vault, damage, stop);
                throw;
            }
            catch (HeadMovedException) when (tries < TriesMost)
            {
                // What is known is still a prefix of the log; the next try reads on from it.
            }
            catch (Exception impossible) when (work is not null && impossible is BooksRefusedException or EventConflictException or InvariantViolatedException or VaultDivergedException)
            {
                // What is impossible after a state that others have gone on from may be as it should after the newest.
                if (tries < TriesMost && (await log.Head(vault, stop)).Sequence != work.State.Sequence)
                    continue;
                logger.LogCritical(impossible, "Vault {Vault} halts: {Reason}", vault, impossible.Message);
                await Halt(vault, impossible.GetType().Name, impossible.Message, stop);
                throw;
            }
        }
    }

    /// <summary>The newest state. Folded on from what is known in this process, else from the books stored at the last settlement.</summary>
    /// <exception cref="LogDamagedException">A stored row or document isn't what was written; the message names it.</exception>
    public async Task<VaultState> Load(string vault, CancellationToken stop)
    {
        for (var before = default(ETag); ;)
        {
            var head = await NewestHead(vault, stop);
            if (head.Sequence == 0)
                return VaultState.Empty(vault);
            if (head.Damage is { } damage)
                throw new LogDamagedException(damage) { IsKnown = true };
            try
            {
                if (await Load(vault, head, stop) is { } state)
                    return Keep(state);
            }
            catch (LogDamagedException broken) when (known.Find(vault) is not null)
            {
                // What is remembered may be of a log that storage has lost since: then what is stored is whole by itself.
                logger.LogWarning("Vault {Vault} is read anew, what is remembered of it doesn't go on in storage: {Reason}", vault, broken.Message);
                known.Forget(vault);
                continue;
            }

            // Others may have appended since the head was read: the ETag belongs to the head, so the state must be the head's too.
            if (head.ETag == before)
                throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.Head}: it counts {head.Sequence} events; there are more.");
            before = head.ETag;
        }
    }

    /// <summary>The state that was the newest some minutes ago at most, as this process knows it, else the newest: for finding what is due, which is decided again when it is done.</summary>
    /// <exception cref="LogDamagedException">As <see cref="Load(string, CancellationToken)"/>.</exception>
    public async Task<VaultState> Recent(string vault, CancellationToken stop) =>
        newestAt.TryGetValue(vault, out var at) && clock.GetUtcNow() is var now && at <= now && now - at < Recently && known.Find(vault) is { } state ? state : await Load(vault, stop);

    VaultState Keep(VaultState state, params IReadOnlyList<LogEntry> appended)
    {
        newestAt[state.Id] = clock.GetUtcNow();
        return known.Keep(state, appended);
    }

    /// <summary>The head; where it is behind what this process remembers, storage has lost what it had acknowledged, and nothing of that is remembered any more.</summary>
    async Task<LogHead> NewestHead(string vault, CancellationToken stop)
    {
        var head = await log.Head(vault, stop);
        // What is remembered may have been appended after that look.
        if (known.Find(vault) is not { } remembered || remembered.Sequence <= head.Sequence || (head = await log.Head(vault, stop)).Sequence >= remembered.Sequence)
            return head;
        logger.LogCritical("Vault {Vault}: storage went back from event {Remembered} to {Stored}; what is missing is taken from chain and Numerai again", vault, remembered.Sequence, head.Sequence);
        known.Forget(vault);
        return head;
    }

    /// <summary>The entries after a place, in order, up to the state that was loaded last or further: those that this process appended itself aren't read again.</summary>
    /// <exception cref="LogDamagedException">A row is missing, changed or unknown; the message names it.</exception>
    public IAsyncEnumerable<LogEntry> Entries(string vault, long after, CancellationToken stop) =>
        Remembered(vault, after) is { } remembered ? remembered.ToAsyncEnumerable() : log.ReadFrom(vault, after + 1, stop);

    /// <summary>As <see cref="Entries"/>, where all of them are those that this process appended last; else null.</summary>
    public IReadOnlyList<LogEntry>? Remembered(string vault, long after) => known.Entries(vault, after);

    /// <summary>The state after an entry of the log: from the last settlement where that isn't after it, else from the beginning.</summary>
    /// <exception cref="LogDamagedException">A stored row or document isn't what was written; the message names it.</exception>
    public async Task<VaultState> At(string vault, long sequence, CancellationToken stop)
    {
        if (sequence == 0)
            return VaultState.Empty(vault);
        if ((await log.Head(vault, stop)).SettledSequence is > 0 and var settled && settled <= sequence)
        {
            VaultState? state = null;
            await foreach (var entry in log.ReadFrom(vault, settled, stop))
            {
                state = state is null ? await Stored(vault, entry, stop) ?? await FoldedUntil(vault, entry.Sequence, stop) : state.Apply(entry);
                if (state.Sequence == sequence)
                    return state;
            }
        }

        return await FoldedUntil(vault, sequence, stop);
    }

    /// <summary>The state that the head counts; null if there are more events.</summary>
    async Task<VaultState?> Load(string vault, LogHead head, CancellationToken stop)
    {
        if (head.SettledSequence > head.Sequence)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.Head}: the last settlement isn't event {head.SettledSequence}.");
        var state = known.Find(vault) is { } before && before.Sequence <= head.Sequence ? before : head.SettledSequence == 0 ? VaultState.Empty(vault) : null;
        if (state is null || state.Sequence < head.Sequence)
        {
            // What nobody here remembers begins with the last settlement: one query brings it and all that came after.
            await foreach (var entry in state is null ? log.ReadFrom(vault, head.SettledSequence, stop) : log.Read(vault, state.Sequence, state.Chain, stop))
                state = state is null ? await Stored(vault, entry, stop) ?? await FoldedUntil(vault, entry.Sequence, stop) : state.Apply(entry);
        }

        if (state is null)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.EventRow(head.SettledSequence)} is missing.");
        // The events were written with the head, so those that the head counts were there when it was read.
        if (state.Sequence < head.Sequence)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.EventRow(state.Sequence + 1)} is missing.");
        if (state.Sequence > head.Sequence)
            return null;
        if (!state.Chain.AsSpan().SequenceEqual(head.Chain))
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.Head}: its chain of hashes isn't that of event {head.Sequence}.");
        if (state.SettledSequence != head.SettledSequence)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.Head}: the last settlement isn't event {head.SettledSequence}.");
        return state with { Head = head.ETag };
    }

    /// <summary>The state after an entry, from the log alone.</summary>
    async Task<VaultState> FoldedUntil(string vault, long sequence, CancellationToken stop)
    {
        var state = VaultState.Empty(vault);
        await foreach (var entry in log.Read(vault, 0, LogEntry.Genesis, stop))
        {
            state = state.Apply(entry);
            if (state.Sequence == sequence)
                break;
        }

        return state;
    }

    /// <summary>The state after a settlement, from what it stored; null: a program stored it that keeps another record.</summary>
    async Task<VaultState?> Stored(string vault, LogEntry settlement, CancellationToken stop)
    {
        if (settlement.Event is not VaultSettled settled)
            throw new LogDamagedException($"Row {VaultPartition.Of(vault)}/{VaultPartition.Head}: the last settlement isn't event {settlement.Sequence}.");
        var stored = StoredBooks.Read(await blobs.Get(vault, settled.BooksDigest, stop));
        if (stored.IsMalformed(out var malformed))
            throw new LogDamagedException($"Vault {vault}: the stored books {settled.BooksDigest} can't be used: {malformed}");
        if (VaultRecord.Read(await blobs.Get(vault, settled.RecordDigest, stop)) is not { } record)
            return null;
        // Offered terms that nobody holds aren't part of the stored books.
        var books = record.Terms.Aggregate(stored.Value, (known, offered) => known.WithTerms(new TermsId(offered.Key), offered.Value));
        return new VaultState(vault, settlement.Sequence, settlement.Chain, default, books, record.Apply(settlement)) { SettledSequence = settlement.Sequence };
    }

    /// <summary>Appends what isn't in the log yet, in order, and returns the state after it.</summary>
    internal async Task<VaultState> Append(VaultState state, IReadOnlyList<NewEntry> news, CancellationToken stop)
    {
        foreach (var part in news.Chunk(LogTable.EventsMost))
            state = await AppendTogether(state, part, stop);
        return state;
    }

    async Task<VaultState> AppendTogether(VaultState state, IReadOnlyList<NewEntry> news, CancellationToken stop)
    {
        var next = state;
        var entries = new List<LogEntry>(news.Count);
        foreach (var entry in news)
        {
            var placed = LogEntry.Place(entry, next.Sequence + 1, next.Chain);
            entries.Add(placed);
            next = next.Apply(placed);
        }

        var head = new LogHead(state.Sequence, state.Chain, state.SettledSequence, state.Head);
        var (result, newHead) = await log.Append(state.Id, head, news, entries, stop);
        switch (result)
        {
            case Appended.Done:
                foreach (var failed in news.Select(entry => entry.Event).OfType<AttemptFailed>())
                    logger.LogWarning("Vault {Vault}: {Step} {Subject} failed: {Cause}: {Detail}", state.Id, failed.Step, failed.Subject, failed.Cause, failed.Detail);
                return Keep(next with { Head = newHead.ETag }, entries);
            case Appended.Already:
                var newest = await Load(state.Id, stop);
                if (newest.Sequence != state.Sequence) // the state that we decided on was old: unless all came of it (an answer was lost), the rest is decided again
                    return await log.HoldsAll(state.Id, news, stop) ? newest : throw new HeadMovedException(state.Id);
                var missing = new List<NewEntry>();
                foreach (var entry in news)
                {
                    if (!await log.Holds(state.Id, entry, stop))
                        missing.Add(entry);
                }

                return missing.Count == 0 ? newest : await AppendTogether(newest, missing, stop);
            default:
                throw new HeadMovedException(state.Id);
        }
    }

    /// <summary>Nothing more is done for this vault until a person has looked. Also what an operator does on purpose.</summary>
    public Task Halt(string vault, string cause, string detail, CancellationToken stop) => AppendToNewest(
        vault, state => state.Record.Halted is null ? new($"halt|{state.Sequence}", new VaultHalted(cause, Step.Detail(detail)), clock.GetUtcNow()) : null, stop);

    /// <summary>A person has looked. The log must be whole; it says who resumed the vault, and why.</summary>
    public async Task Resume(string vault, string by, string reason, CancellationToken stop)
    {
        known.Forget(vault);
        await log.Mark(vault, damage: null, stop);
        await AppendToNewest(vault, state => new($"resume|{state.Sequence}", new VaultResumed(by, Step.Detail(reason)), clock.GetUtcNow()), stop);
    }

    async Task AppendToNewest(string vault, Func<VaultState, NewEntry?> decide, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var newest = await Load(vault, stop);
            if (newest.Sequence == 0 || decide(newest) is not { } entry)
                return;
            try
            {
                await Append(newest, [entry], stop);
                return;
            }
            catch (HeadMovedException) when (tries < TriesMost)
            {
                // Somebody else appended meanwhile: again.
            }
        }
    }

    /// <summary>Writes the damage on the head, so that no other machine appends to this log, whatever it remembers of it. What a newer program wrote is none: that one goes on.</summary>
    async Task Mark(string vault, LogDamagedException damage, CancellationToken stop)
    {
        if (damage.IsNewer)
            return;
        logger.LogCritical(damage, "Vault {Vault} halts: {Reason}", vault, damage.Message);
        known.Forget(vault);
        await log.Mark(vault, Step.Detail(damage.Message), stop);
    }

    /// <summary>Looks at every stored row and document; what it finds halts the vault.</summary>
    public async Task Check(string vault, LogAudit audit, bool allDocuments, CancellationToken stop)
    {
        try
        {
            await audit.Check(vault, allDocuments, stop);
        }
        catch (LogDamagedException damage)
        {
            await Mark(vault, damage, stop);
            throw;
        }
    }
}

/// <summary>A step's view of its vault: the newest state, and appending to it.</summary>
public sealed class VaultWork(VaultStore store, VaultState state)
{
    public VaultState State { get; private set; } = state;

    public async Task Append(CancellationToken stop, params NewEntry[] news)
    {
        if (news.Length > 0)
            State = await store.Append(State, news, stop);
    }
}

/// <summary>Another worker appended between our reading and our writing. Normal: decide again.</summary>
public sealed class HeadMovedException(string vault) : Exception($"The head of vault {vault} moved; the step is decided again.");

/// <summary>The chain says something that the books can't follow.</summary>
public sealed class VaultDivergedException(string message) : Exception(message);
