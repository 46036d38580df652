using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Research;

namespace Backstake.Functions.Vaults;

/// <summary>A file of predictions that Numerai held for the round as we had uploaded it: created, read back and found equal.</summary>
/// <param name="Hash">SHA-256 of the file, 64 lower-case hex digits.</param>
public sealed record VerifiedFile(string SubmissionId, string Hash, DateTimeOffset VerifiedAt);

/// <summary>The file's hash in a final block.</summary>
public sealed record CommittedHash(string Hash, DateTimeOffset CommittedAt, string? Transaction);

/// <summary>An attempt to submit that failed.</summary>
/// <param name="Cause">A stable name, as in <see cref="Cause"/>.</param>
public sealed record FailedTry(int Attempt, string Cause, DateTimeOffset At);

/// <summary>All that the log says of one round, from its opening to its money. Times in UTC.</summary>
public sealed record RoundStory(int Round, DateTimeOffset Opens, DateTimeOffset ClosesStaking, DateTimeOffset Resolves)
{
    const int FailuresMost = 20; // the last ones; how many there were is said too

    public ImmutableList<VerifiedFile> Files { get; init; } = [];
    public CommittedHash? Committed { get; init; }

    /// <summary>How many attempts failed.</summary>
    public int Failed { get; init; }

    /// <summary>Before the deadline. What fails after it is the look afterwards: it makes no round late.</summary>
    [JsonIgnore]
    public int Tries { get; init; }

    [JsonIgnore]
    public string? LastTry { get; init; }

    /// <summary>At a look another file than ours was selected.</summary>
    [JsonIgnore]
    public bool Replaced { get; init; }

    /// <summary>What its reliability is made of. What was staked was submitted, also where an imported history doesn't say so.</summary>
    [JsonIgnore]
    public RoundFacts Facts => new(Round, ClosesStaking, Tries, LastTry, Files.Count > 0 || Staked is { IsZero: false }, Replaced, MissedCause);

    /// <summary>The last failures.</summary>
    public ImmutableList<FailedTry> Failures { get; init; } = [];

    /// <summary>Why nothing was staked although something should have been.</summary>
    public string? MissedCause { get; init; }

    /// <summary>What was staked; null while the round is open.</summary>
    public Nmr? Staked { get; init; }
    public string? StakeTransaction { get; init; }

    /// <summary>What came back less what was staked; null until then.</summary>
    public Nmr? Result { get; init; }
    public DateTimeOffset? ResultAt { get; init; }
    public string? ResultTransaction { get; init; }

    /// <summary><c>open</c>, <c>onTime</c>, <c>retried</c> (on time after failures), <c>missed</c>, <c>stale</c> (Numerai held another file), or <c>nothingToStake</c>.</summary>
    public string Status => Staked is not { } staked ? "open"
        : MissedCause == Cause.Stale ? "stale"
        : MissedCause is not null ? "missed"
        : staked.IsZero ? "nothingToStake"
        : Failed > 0 ? "retried" : "onTime";

    public RoundStory With(LogEntry entry) => entry.Event switch
    {
        RoundMoved moved => this with { ClosesStaking = moved.ClosesStaking, Resolves = moved.Resolves },
        PredictionsSubmitted submitted => this with { Files = Files.Add(new(submitted.SubmissionId, submitted.Hash, entry.At)) },
        PredictionsCommitted committed => this with { Committed = new(committed.Hash, entry.At, entry.Source?.Transaction) },
        AttemptFailed failed => this with
        {
            Failed = Failed + 1,
            Tries = entry.At <= ClosesStaking ? Tries + 1 : Tries,
            LastTry = entry.At <= ClosesStaking ? failed.Cause : LastTry,
            Failures = (Failures.Count < FailuresMost ? Failures : Failures.RemoveAt(0)).Add(new(failed.Attempt, failed.Cause, entry.At)),
        },
        SubmissionChecked { Stale: true } => this with { Replaced = true },
        RoundMissed missed => this with { MissedCause = missed.Cause },
        Booked { Event: Resolve resolve } => this with { Result = resolve.Payout, ResultAt = entry.At, ResultTransaction = entry.Source?.Transaction },
        _ => this,
    };

    /// <summary>Which round an entry tells of; null: none.</summary>
    public static int? Of(LogEvent happened) => happened switch
    {
        RoundMoved it => it.Round,
        PredictionsSubmitted it => it.Round,
        PredictionsCommitted it => it.Round,
        SubmissionChecked it => it.Round,
        AttemptFailed { Step: Step.Submission } it => it.Subject,
        RoundMissed it => it.Round,
        Booked { Event: Close it } => it.Round.Number,
        Booked { Event: Resolve it } => it.Round.Number,
        _ => null,
    };
}
