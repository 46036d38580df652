using System.Text.Json.Serialization;
using Backstake.Accounting;

namespace Backstake.Functions.Storage;

/// <summary>
/// What a vault's log holds: the events of ACCOUNTING.md section 3 (<see cref="Booked"/>), each settlement with the digests of what it stored,
/// and what only the record needs. An event of an unknown type is refused on reading, never guessed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Booked), "booked")]
[JsonDerivedType(typeof(VaultSettled), "vaultSettled")]
[JsonDerivedType(typeof(VaultAdded), "vaultAdded")]
[JsonDerivedType(typeof(TermsOffered), "termsOffered")]
[JsonDerivedType(typeof(TermsWithdrawn), "termsWithdrawn")]
[JsonDerivedType(typeof(RoundOpened), "roundOpened")]
[JsonDerivedType(typeof(RoundMoved), "roundMoved")]
[JsonDerivedType(typeof(PredictionsSubmitted), "predictionsSubmitted")]
[JsonDerivedType(typeof(PredictionsCommitted), "predictionsCommitted")]
[JsonDerivedType(typeof(SubmissionChecked), "submissionChecked")]
[JsonDerivedType(typeof(AttemptFailed), "attemptFailed")]
[JsonDerivedType(typeof(ModelChangeAnnounced), "modelChangeAnnounced")]
[JsonDerivedType(typeof(StakeIntended), "stakeIntended")]
[JsonDerivedType(typeof(StakeAbandoned), "stakeAbandoned")]
[JsonDerivedType(typeof(RoundMissed), "roundMissed")]
[JsonDerivedType(typeof(SettlementProposed), "settlementProposed")]
[JsonDerivedType(typeof(SettlementVetoed), "settlementVetoed")]
[JsonDerivedType(typeof(SettlementAccepted), "settlementAccepted")]
[JsonDerivedType(typeof(CutMoved), "cutMoved")]
[JsonDerivedType(typeof(CutMoveRevoked), "cutMoveRevoked")]
[JsonDerivedType(typeof(StakerAdopted), "stakerAdopted")]
[JsonDerivedType(typeof(VaultPaused), "vaultPaused")]
[JsonDerivedType(typeof(BooksClosed), "booksClosed")]
[JsonDerivedType(typeof(ReleasesSent), "releasesSent")]
[JsonDerivedType(typeof(Claimed), "claimed")]
[JsonDerivedType(typeof(OwnerPaid), "ownerPaid")]
[JsonDerivedType(typeof(VaultHalted), "vaultHalted")]
[JsonDerivedType(typeof(VaultResumed), "vaultResumed")]
public abstract record LogEvent
{
    /// <summary>What the books are told of it; null: nothing.</summary>
    public VaultEvent? InBooks() => this switch
    {
        Booked booked => booked.Event,
        VaultSettled settled => new Settle(new Week(settled.Week)),
        _ => null,
    };
}

/// <summary>An event of the books, except a settlement.</summary>
public sealed record Booked(VaultEvent Event) : LogEvent;

/// <summary>The settlement of a week. The digests name what was stored before: the books to fold on from, the record beside them, the proposal, and the published entry of the week.</summary>
/// <param name="BooksRoot">What the chain is told of the books: their root, 64 lower-case hex digits.</param>
/// <param name="OwnerShare">What units gave the owner as profit share in this settlement.</param>
public sealed record VaultSettled(int Week, string BooksDigest, string BooksRoot, string RecordDigest, string ProposalDigest, string EntryDigest, Nmr OwnerShare) : LogEvent;

/// <summary>The first event: what the vault's contract and its factory say of it.</summary>
/// <param name="Notices">The contract by which the owner moves cuts and changes the staker: its logs are read, too.</param>
/// <param name="Staker">The vault's first staker.</param>
/// <param name="ModelId">Numerai's model id as its API has it (a UUID).</param>
/// <param name="Block">The block of the vault's creation: its logs are read from here.</param>
public sealed record VaultAdded(
    string Vault, string Notices, string Owner, string Staker, int Tournament, string ModelId, string Model, int ConcurrentRounds,
    DateTimeOffset FirstCut, int WindowSeconds, long Block) : LogEvent;

public sealed record TermsOffered(string Id, Terms Content) : LogEvent;

public sealed record TermsWithdrawn(string Id) : LogEvent;

/// <summary>A round of the vault's tournament opened. Times are Numerai's own (UTC); <paramref name="ClosesStaking"/> is the deadline.</summary>
public sealed record RoundOpened(int Round, DateTimeOffset Opens, DateTimeOffset ClosesStaking, DateTimeOffset Resolves, string? TriggerId = null) : LogEvent;

/// <summary>Numerai gave an open round other times.</summary>
public sealed record RoundMoved(int Round, DateTimeOffset ClosesStaking, DateTimeOffset Resolves) : LogEvent;

/// <summary>The vault's predictions were uploaded, the submission created, read back and found equal.</summary>
/// <param name="Hash">SHA-256 of the file, 64 lower-case hex digits.</param>
public sealed record PredictionsSubmitted(int Round, string SubmissionId, string Hash) : LogEvent;

/// <summary>The hash of the vault's predictions was seen in a final block.</summary>
public sealed record PredictionsCommitted(int Round, string Hash) : LogEvent;

/// <summary>What Numerai holds for the round was looked at again shortly before the deadline.</summary>
/// <param name="Stale">Another file than ours is selected.</param>
public sealed record SubmissionChecked(int Round, string SubmissionId, bool Stale) : LogEvent;

/// <summary>A step failed and will be tried again: attempts are counted here, not by the host.</summary>
/// <param name="Cause">A stable name, as in <see cref="Cause"/>.</param>
public sealed record AttemptFailed(string Step, int Subject, int Attempt, string Cause, string Detail) : LogEvent;

/// <summary>The owner says that from this round on another model predicts. It changes nothing but what is shown.</summary>
public sealed record ModelChangeAnnounced(int FromRound, string Note) : LogEvent;

/// <summary>The stake of a round is decided: from here until the round is closed no result and no settlement is appended.</summary>
/// <param name="Amount">The books' A_r at this place of the log.</param>
/// <param name="Collects">How many results the amount was computed from; the contract refuses it if there were more.</param>
public sealed record StakeIntended(int Round, int Attempt, Nmr Amount, int Collects) : LogEvent;

/// <summary>The intended stake can't happen any more in this attempt: its transaction failed for good.</summary>
public sealed record StakeAbandoned(int Round, int Attempt, string Cause) : LogEvent;

/// <summary>Nothing was staked in the round although something should have been, and why.</summary>
public sealed record RoundMissed(int Round, string Cause) : LogEvent;

public sealed record SettlementProposed(int Week, string BooksRoot, DateTimeOffset AcceptableAt) : LogEvent;

public sealed record SettlementVetoed(int Week) : LogEvent;

public sealed record SettlementAccepted(int Week) : LogEvent;

/// <summary>The owner moved the cuts from a week on. <paramref name="ShiftSeconds"/> are counted from the calendar of the vault's creation.</summary>
public sealed record CutMoved(int FromWeek, int ShiftSeconds) : LogEvent;

/// <summary>The guardian or the owner took a move back before it came into force.</summary>
public sealed record CutMoveRevoked(int FromWeek) : LogEvent;

/// <summary>Rounds from here on are staked by this staker; those before stay with the one that staked them.</summary>
public sealed record StakerAdopted(string Staker) : LogEvent;

/// <summary>The owner or the guardian said what is paused from here on: deposits, stakes, both or neither. Exits, cancels, claims and settlements can't be.</summary>
public sealed record VaultPaused(bool Deposits, bool Staking) : LogEvent;

/// <summary>The way out without an operator was opened: no settlement is accepted any more, and the log ends here (CONTRACT.md, "Decided" 15).</summary>
public sealed record BooksClosed : LogEvent;

/// <summary>The operator's claims for holders, up to this accepted week, have been sent.</summary>
public sealed record ReleasesSent(int Week) : LogEvent;

/// <summary>A holder was paid on chain.</summary>
/// <param name="Series">The series id, 64 lower-case hex digits.</param>
public sealed record Claimed(string Holder, string Series, int ExitWeek, Nmr Amount) : LogEvent;

/// <summary>The owner took what accepted settlements released. <paramref name="From"/>: <c>house</c> or <c>reserve</c>.</summary>
public sealed record OwnerPaid(string From, Nmr Amount) : LogEvent;

/// <summary>Something that can't be true was found: nothing more is done for this vault until a person has looked.</summary>
public sealed record VaultHalted(string Cause, string Detail) : LogEvent;

/// <summary>A person has looked: the vault goes on.</summary>
public sealed record VaultResumed(string By, string Reason) : LogEvent;
