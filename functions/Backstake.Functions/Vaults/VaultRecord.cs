using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>
/// What a vault's log says beside its money: rounds under way, weeks settled, what was offered, how reliable the vault was. A pure fold like the
/// books, and stored beside them at each settlement.
/// </summary>
public sealed record VaultRecord
{
    /// <summary>Raised whenever the fold of an old log gives other bytes: what a settlement of another shape stored is folded again from the log.</summary>
    public const int ThisShape = 2;

    public static readonly VaultRecord Empty = new() { Shape = ThisShape };

    /// <summary>The shape in which it was stored; the first one didn't say so.</summary>
    public int Shape { get; init; } = 1;

    public VaultAdded? Vault { get; init; }
    public ImmutableSortedDictionary<string, Terms> Terms { get; init; } = ImmutableSortedDictionary.Create<string, Terms>(StringComparer.Ordinal);

    /// <summary>The rounds that aren't resolved, by number.</summary>
    public ImmutableSortedDictionary<int, RoundRecord> Rounds { get; init; } = ImmutableSortedDictionary<int, RoundRecord>.Empty;

    /// <summary>The settled weeks, by number.</summary>
    public ImmutableSortedDictionary<int, WeekRecord> Weeks { get; init; } = ImmutableSortedDictionary<int, WeekRecord>.Empty;

    /// <summary>The staker contract of the rounds to come; Numerai knows it, or its account.</summary>
    public string Staker { get; init; } = "";

    /// <summary>How many seconds the owner moved the cuts from a week on, by that week.</summary>
    public ImmutableSortedDictionary<int, int> CutMoves { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    public int LastRound { get; init; }
    public int LastAcceptedWeek { get; init; }
    public int LastReleasedWeek { get; init; }

    /// <summary>The last log on chain that is in the vault's log: chain logs are taken in order, so every earlier one is, too.</summary>
    public long LastBlock { get; init; }
    public int LastLogIndex { get; init; }

    /// <summary>How many results were collected on chain.</summary>
    public int Collects { get; init; }

    public int Submitted { get; init; }

    /// <summary>Rounds in which something was staked.</summary>
    public int StakedRounds { get; init; }

    /// <summary>Terms that aren't on offer any more; units bought under them keep them.</summary>
    public ImmutableSortedSet<string> Withdrawn { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Rounds in which nothing was staked although something should have been, by cause.</summary>
    public ImmutableSortedDictionary<string, int> Missed { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public Nmr StakedTotal { get; init; }
    public Nmr ResultTotal { get; init; }
    public Nmr OwnerShareTotal { get; init; }
    public Nmr PaidTotal { get; init; }
    public int Claims { get; init; }
    public VaultHalted? Halted { get; init; }

    /// <summary>What is paused; null: nothing.</summary>
    public VaultPaused? Paused { get; init; }

    /// <summary>The way out without an operator is open: no settlement is accepted any more.</summary>
    public bool BooksAreClosed { get; init; }

    /// <summary>Nothing is done or appended for this vault any more.</summary>
    [JsonIgnore]
    public bool IsOver => BooksAreClosed || Halted is not null;

    /// <summary>When what failed may be tried again (UTC), by step and subject.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> TryAgainAt { get; init; } =
        ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The bytes that a settlement stores.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, LogEntryJson.Options);

    /// <summary>What a settlement stored; null if it has another shape.</summary>
    public static VaultRecord? Read(byte[] stored)
    {
        using var json = JsonDocument.Parse(stored);
        var shape = json.RootElement.TryGetProperty("shape", out var written) ? written.GetInt32() : 1;
        return shape == ThisShape ? json.Deserialize<VaultRecord>(LogEntryJson.Options) : null;
    }

    /// <summary>The round whose stake is decided and not yet closed: it holds back results and settlements.</summary>
    public int? IntendedRound
    {
        get
        {
            foreach (var (number, round) in Rounds)
            {
                if (round.Intent is not null && !round.Closed)
                    return number;
            }

            return null;
        }
    }

    /// <summary>The cut of a week (UTC): its settlement belongs at the first block at or after it (CONTRACT.md, "Decided" 1).</summary>
    public DateTimeOffset Cut(int week) => Vault!.FirstCut.AddDays(7 * (week - 1)).AddSeconds(CutMoves.LastOrDefault(move => move.Key <= week).Value);

    public bool HasTaken(long block, int logIndex) => block < LastBlock || (block == LastBlock && logIndex <= LastLogIndex);

    /// <summary>Whether the step failed so short ago that it must wait.</summary>
    public bool MustWait(string step, int subject, DateTimeOffset now) =>
        TryAgainAt.TryGetValue(Step.Key(step, subject), out var again)
        && now < again + (step == Step.Submission && Rounds.TryGetValue(subject, out var round) ? round.PatienceForAFile(now) : TimeSpan.Zero);

    public VaultRecord Apply(LogEntry entry)
    {
        var next = Take(entry);
        if (entry.Event is AttemptFailed failed)
            next = next with { TryAgainAt = next.TryAgainAt.SetItem(Step.Key(failed.Step, failed.Subject), entry.At + Step.Pause) };
        return entry.Source is { } source ? next with { LastBlock = source.Block, LastLogIndex = source.LogIndex } : next;
    }

    VaultRecord Take(LogEntry entry) => entry.Event switch
    {
        VaultAdded added => this with { Vault = added, Staker = added.Staker },
        TermsOffered offered => this with { Terms = Terms.SetItem(offered.Id, offered.Content), Withdrawn = Withdrawn.Remove(offered.Id) },
        TermsWithdrawn withdrawn => this with { Withdrawn = Withdrawn.Add(withdrawn.Id) },
        RoundOpened opened => this with
        {
            LastRound = opened.Round,
            Rounds = Rounds.SetItem(opened.Round, new(opened.Opens, opened.ClosesStaking, opened.Resolves) { TriggerId = opened.TriggerId }),
        },
        RoundMoved moved => Change(moved.Round, round => round with { ClosesStaking = moved.ClosesStaking, Resolves = moved.Resolves }),
        PredictionsSubmitted submitted => Change(submitted.Round, round => round with
        {
            SubmissionId = submitted.SubmissionId, Hash = submitted.Hash, Versions = round.Versions + 1, Stale = false,
        }) with { Submitted = Submitted + (Rounds.TryGetValue(submitted.Round, out var before) && before.SubmissionId is not null ? 0 : 1) },
        PredictionsCommitted committed => Change(committed.Round, round => round with { CommittedHash = committed.Hash }),
        SubmissionChecked check => Change(check.Round, round => round with { Looks = Due.LooksUntil(round, entry.At), Stale = check.Stale }),
        AttemptFailed { Step: Step.Submission } failed => Change(failed.Subject,
            round => round with { FailedAttempts = failed.Attempt, LastCause = failed.Cause }),
        StakeIntended intended => Change(intended.Round,
            round => round with { StakeAttempts = intended.Attempt, Intent = new(intended.Attempt, intended.Amount, intended.Collects) }),
        StakeAbandoned abandoned => Change(abandoned.Round, round => round with { Intent = null, LastCause = abandoned.Cause }),
        RoundMissed missed => this with { Missed = Missed.SetItem(missed.Cause, Missed.GetValueOrDefault(missed.Cause) + 1) },
        VaultSettled settled => this with
        {
            OwnerShareTotal = OwnerShareTotal + settled.OwnerShare,
            Weeks = Weeks.SetItem(settled.Week, new(settled.BooksDigest, settled.BooksRoot, settled.ProposalDigest, settled.EntryDigest)),
        },
        SettlementProposed proposed => this with
        {
            Weeks = Weeks.SetItem(proposed.Week, Weeks[proposed.Week] with { AcceptableAt = proposed.AcceptableAt }),
        },
        SettlementVetoed vetoed => this with
        {
            Weeks = Weeks.SetItem(vetoed.Week, Weeks[vetoed.Week] with { AcceptableAt = null, Vetoes = Weeks[vetoed.Week].Vetoes + 1 }),
        },
        SettlementAccepted accepted => this with
        {
            LastAcceptedWeek = accepted.Week,
            TryAgainAt = TryAgainAt.Remove(Step.Key(Step.Settlement, accepted.Week)),
        },
        CutMoved moved => this with { CutMoves = CutMoves.SetItem(moved.FromWeek, moved.ShiftSeconds) },
        CutMoveRevoked revoked => this with { CutMoves = CutMoves.Remove(revoked.FromWeek) },
        StakerAdopted adopted => this with { Staker = adopted.Staker },
        VaultPaused paused => this with { Paused = paused is { Deposits: false, Staking: false } ? null : paused },
        BooksClosed => this with { BooksAreClosed = true },
        ReleasesSent sent => this with { LastReleasedWeek = sent.Week },
        Claimed claimed => this with { Claims = Claims + 1, PaidTotal = PaidTotal + claimed.Amount },
        VaultHalted halted => this with { Halted = halted },
        VaultResumed => this with { Halted = null },
        Booked { Event: Resolve resolve } => this with
        {
            Rounds = Rounds.Remove(resolve.Round.Number),
            TryAgainAt = TryAgainAt.Remove(Step.Key(Step.Submission, resolve.Round.Number)).Remove(Step.Key(Step.Collect, resolve.Round.Number)),
            ResultTotal = ResultTotal + resolve.Payout,
            Collects = Collects + (entry.Source is null ? 0 : 1),
        },
        _ => this,
    };

    /// <summary>A round closed with this stake: the amount comes from the books, which alone know it.</summary>
    public VaultRecord Close(int number, Nmr staked) =>
        Change(number, round => round with { Closed = true, Staked = staked, Staker = Staker, Intent = null }) with { StakedTotal = StakedTotal + staked, StakedRounds = StakedRounds + (staked.IsZero ? 0 : 1) };

    VaultRecord Change(int number, Func<RoundRecord, RoundRecord> change) =>
        Rounds.TryGetValue(number, out var round) ? this with { Rounds = Rounds.SetItem(number, change(round)) } : this;
}
