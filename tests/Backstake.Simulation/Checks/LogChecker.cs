using System.Security.Cryptography;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Storage;

namespace Backstake.Simulation.Checks;

/// <summary>
/// Reads a vault's log row by row as it is written, as an outsider would: hashes it, folds its own books from the very first event, and holds every event
/// against the chain. Knows nothing of what the app believes.
/// </summary>
public sealed class LogChecker(string vault, ChainModel chain)
{
    static readonly string Nobody = Words.Hex(new byte[32]);

    readonly string partition = VaultPartition.Of(vault);
    readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);
    readonly Dictionary<int, (Nmr Amount, int Attempt)> decided = [];
    byte[] hash = LogEntry.Genesis;
    long lastBlock;
    int lastLog = -1;
    DateTimeOffset firstCut;

    MemoryAccount account = null!;

    public long Sequence { get; private set; }

    public Books? Books { get; private set; }

    /// <summary>What each settlement gave by this fold.</summary>
    public Dictionary<int, Settlement> Settlements { get; } = [];

    public Dictionary<int, VaultSettled> Settled { get; } = [];

    public HashSet<int> AcceptedWeeks { get; } = [];

    public HashSet<int> ProposedWeeks { get; } = [];

    public HashSet<int> Opened { get; } = [];

    /// <summary>Rounds of which a webhook told the log first.</summary>
    public int Triggered { get; private set; }

    public HashSet<int> Closed { get; } = [];

    public Dictionary<int, Nmr> StakedIn { get; } = [];

    public HashSet<int> Resolved { get; } = [];

    public Dictionary<int, string> Missed { get; } = [];

    public Dictionary<int, PredictionsSubmitted> Submitted { get; } = [];

    public VaultHalted? Halted { get; private set; }

    public List<LogEntry> Entries { get; } = [];

    public string VaultId => vault;

    /// <summary>The decided and neither closed nor abandoned stake of a round.</summary>
    public Nmr? DecidedStake(int round) => decided.TryGetValue(round, out var stake) ? stake.Amount : null;

    /// <summary>Takes what a write changed in this vault's partition.</summary>
    public void Take(MemoryAccount storage, IReadOnlyList<TableChange> changes)
    {
        account = storage;
        foreach (var change in changes)
        {
            if (change.Key.StartsWith("e|", StringComparison.Ordinal))
            {
                SimulationFailure.Unless(change.Method == "POST", Check.Overwritten, () => $"{vault}: {change.Method} of {change.Key}");
                TakeEvent(change);
            }
            else if (change.Key.StartsWith("k|", StringComparison.Ordinal))
            {
                SimulationFailure.Unless(change.Method == "POST", Check.Overwritten, () => $"{vault}: {change.Method} of {change.Key}");
            }
        }

        var head = account.Tables.Find(LogTable.TableName, partition, VaultPartition.Head);
        if (Sequence > 0)
            SimulationFailure.Unless(head?.Number("Sequence") == Sequence && head.Text("Chain") == Convert.ToHexStringLower(hash), Check.Head, () => $"{vault}: the head isn't event {Sequence}");
    }

    void TakeEvent(TableChange row)
    {
        SimulationFailure.Unless(row.Key == VaultPartition.EventRow(Sequence + 1), Check.Gap, () => $"{vault}: {row.Key} after event {Sequence}");
        string Text(string name) => System.Text.Json.JsonSerializer.Deserialize<string>(row.Properties.First(it => it.Name == name).Json)!;
        var (text, version) = (Text("Entry"), byte.Parse(row.Properties.First(it => it.Name == "Version").Json));
        var before = hash;
        hash = SHA256.HashData([.. before, version, .. Encoding.UTF8.GetBytes(text)]);
        SimulationFailure.Unless(Text("Chain") == Convert.ToHexStringLower(hash), Check.HashChain, () => $"{vault}: {row.Key}");
        var entry = LogEntryJson.Read(version, text, before);
        Sequence++;
        SimulationFailure.Unless(entry.Sequence == Sequence, Check.Gap, () => $"{vault}: {row.Key} holds event {entry.Sequence}");
        SimulationFailure.Unless(keys.TryAdd(entry.Key, Sequence), Check.KeyTwice, () => $"{vault}: {entry.Key} is event {keys[entry.Key]} and {Sequence}");
        var key = account.Tables.Find(LogTable.TableName, partition, VaultPartition.KeyRow(entry.Key));
        SimulationFailure.Unless(
            key?.Number("Sequence") == Sequence && key.Text("Digest") == LogEntry.DigestOf(new NewEntry(entry.Key, entry.Event, entry.At, entry.Source)),
            Check.KeyRow, () => $"{vault}: {entry.Key}");
        Entries.Add(entry);
        Compare(entry);
        Fold(entry);
    }

    /// <summary>What came from the chain is there, final, in order, and in its week.</summary>
    void Compare(LogEntry entry)
    {
        if (Books is not null && entry.Event is not VaultAdded)
        {
            var (from, to) = (Cut(Books.LastWeek.Number), Cut(Books.LastWeek.Number + 1));
            // A round that passed unseen is recorded whenever it is found: it has no stake and moves nothing.
            if (entry.Source is not null)
                SimulationFailure.Unless(entry.At < to && (Books.LastWeek.Number == 0 || entry.At >= from), Check.WrongWeek, () => $"{vault}: {entry.Key} at {entry.At:u} after settlement {Books.LastWeek}");
        }

        if (entry.Source is not { } source)
            return;
        SimulationFailure.Unless((ulong)source.Block <= chain.Finalized, Check.NotFinal, () => $"{vault}: {entry.Key} in block {source.Block}, final is {chain.Finalized}");
        var log = chain.Between((ulong)source.Block, (ulong)source.Block).SelectMany(block => block.Transactions)
            .Where(it => it.Transaction.Hash == source.Transaction && source.LogIndex >= it.FirstLog && source.LogIndex < it.FirstLog + it.Logs.Count)
            .Select(it => it.Logs[source.LogIndex - it.FirstLog]).FirstOrDefault();
        SimulationFailure.Unless(log is not null && log.Address == vault && chain.TimeOf((ulong)source.Block) == entry.At, Check.NotOnChain, () => $"{vault}: {entry.Key}");
        if (entry.Event is StakeAbandoned)
            return; // stands before the result that ended it, with the same source
        SimulationFailure.Unless(source.Block > lastBlock || (source.Block == lastBlock && source.LogIndex > lastLog), Check.ChainOrder, () => $"{vault}: {entry.Key} after block {lastBlock} log {lastLog}");
        var passedOver = chain.Between((ulong)lastBlock, (ulong)source.Block).SelectMany(block => block.Transactions.SelectMany(it => it.Logs.Select((one, index) => (block.Number, Index: it.FirstLog + index, one))))
            .FirstOrDefault(it => it.one.Address == vault && IsTaken(it.one)
                && ((long)it.Number, it.Index).CompareTo((lastBlock, lastLog)) > 0 && ((long)it.Number, it.Index).CompareTo((source.Block, source.LogIndex)) < 0);
        SimulationFailure.Unless(passedOver.one is null, Check.ChainOrder, () => $"{vault}: {passedOver.one!.Event} in block {passedOver.Number} was passed over");
        (lastBlock, lastLog) = (source.Block, source.LogIndex);
    }

    /// <summary>Whether the app's log takes it: a pause moves nothing, and units from or to nobody are told by another log.</summary>
    static bool IsTaken(ModelLog log) => log.Event switch
    {
        "PausedEvent" => false,
        "UnitsMovedEvent" => log.Topics[1] != Nobody && log.Topics[2] != Nobody,
        _ => true,
    };

    DateTimeOffset Cut(int week) => firstCut.AddDays(7 * (week - 1));

    void Fold(LogEntry entry)
    {
        switch (entry.Event)
        {
            case VaultAdded added:
                firstCut = added.FirstCut;
                Books = Books.Open(new VaultSettings(added.Vault, Staking.PerRound, added.ConcurrentRounds));
                break;
            case TermsOffered offered:
                Books = Books!.WithTerms(new TermsId(offered.Id), offered.Content);
                break;
            case Booked booked:
                if (booked.Event is Close close)
                    TakeClose(entry, close);
                if (booked.Event is Resolve resolve)
                {
                    SimulationFailure.Unless(decided.Count == 0, Check.IntentOpen, () => $"{vault}: {entry.Key} while the stake of round {decided.Keys.First()} is decided");
                    Resolved.Add(resolve.Round.Number);
                }

                Apply(entry, booked.Event);
                break;
            case VaultSettled settled:
                SimulationFailure.Unless(decided.Count == 0, Check.IntentOpen, () => $"{vault}: {entry.Key} while the stake of round {decided.Keys.First()} is decided");
                Settlements[settled.Week] = Apply(entry, new Settle(new Week(settled.Week)))!;
                Settled[settled.Week] = settled;
                CheckStored(settled);
                break;
            case RoundOpened opened:
                Opened.Add(opened.Round);
                Triggered += opened.TriggerId is null ? 0 : 1;
                break;
            case PredictionsSubmitted submitted:
                Submitted[submitted.Round] = submitted;
                break;
            case StakeIntended intended:
                SimulationFailure.Unless(intended.Amount == Books!.StakeOfNextRound(), Check.CloseAmount, () => $"{vault}: round {intended.Round}: {intended.Amount} was decided, the books say {Books.StakeOfNextRound()}");
                SimulationFailure.Unless(decided.Count == 0, Check.IntentOpen, () => $"{vault}: {entry.Key} while the stake of round {decided.Keys.First()} is decided");
                decided[intended.Round] = (intended.Amount, intended.Attempt);
                break;
            case StakeAbandoned abandoned:
                decided.Remove(abandoned.Round);
                break;
            case RoundMissed missed:
                Missed[missed.Round] = missed.Cause;
                break;
            case SettlementProposed proposed:
                ProposedWeeks.Add(proposed.Week);
                break;
            case SettlementAccepted accepted:
                AcceptedWeeks.Add(accepted.Week);
                break;
            case VaultHalted halted:
                Halted = halted;
                throw new SimulationFailure(Check.Halted, $"{vault}: {halted.Cause}: {halted.Detail}");
        }
    }

    void TakeClose(LogEntry entry, Close close)
    {
        var amount = Books!.StakeOfNextRound(close.ShareBps);
        SimulationFailure.Unless(entry.Source is not null || close.ShareBps == BasisPoints.Zero, Check.NotFinal, () => $"{vault}: round {close.Round} was closed without its stake being seen");
        // Seen on chain: between the two, the amount can't differ.
        if (entry.Source is { } source)
        {
            var onChain = chain.At((ulong)source.Block).Vaults[vault].StakeIn((uint)close.Round.Number);
            SimulationFailure.Unless(onChain == amount.Wei, Check.CloseAmount, () => $"{vault}: round {close.Round}: {new Nmr(onChain)} are staked, the books say {amount}");
        }

        Closed.Add(close.Round.Number);
        StakedIn[close.Round.Number] = amount;
        decided.Remove(close.Round.Number);
    }

    Settlement? Apply(LogEntry entry, VaultEvent booked)
    {
        try
        {
            var applied = Books!.Apply(booked);
            SimulationFailure.Unless(applied.Refusal is null, Check.BooksRefuse, () => $"{vault}: {entry.Key}: {applied.Refusal}");
            Books = applied.Books;
            var waiting = Books.WaitingDeposits + Books.HouseWaiting;
            SimulationFailure.Unless(
                Books.Stake + Books.Cash == Books.House + waiting + Books.UnitsWorth && Books.Reserve >= Books.ReserveLocked && !Books.Cash.IsNegative && !Books.Stake.IsNegative && !Books.HouseFree.IsNegative,
                Check.Invariant, () => $"{vault}: after {entry.Key}");
            return applied.Settlement;
        }
        catch (InvariantViolatedException broken)
        {
            throw new SimulationFailure(Check.Invariant, broken.Message);
        }
    }

    void CheckStored(VaultSettled settled)
    {
        var stored = account.Blobs.Find(BlobStore.Settlements, $"{vault}/{settled.BooksDigest}.json");
        SimulationFailure.Unless(
            stored is not null && Convert.ToHexStringLower(SHA256.HashData(stored)) == settled.BooksDigest && settled.BooksDigest == Convert.ToHexStringLower(Books!.Digest()),
            Check.StoredBooks, () => $"{vault}: the books of week {settled.Week}");
        foreach (var digest in new[] { settled.RecordDigest, settled.ProposalDigest, settled.EntryDigest })
        {
            SimulationFailure.Unless(
                account.Blobs.Find(BlobStore.Settlements, $"{vault}/{digest}.json") is { } document && Convert.ToHexStringLower(SHA256.HashData(document)) == digest,
                Check.StoredBooks, () => $"{vault}: a document of week {settled.Week} isn't there");
        }

        SimulationFailure.Unless(settled.EntryDigest == BlobStore.DigestOf(BooksDocument.WriteWeek(Settlements[settled.Week].Entry)), Check.StoredBooks, () => $"{vault}: the published week {settled.Week}");
        Invariants.CheckInFull(Books!);
    }
}
