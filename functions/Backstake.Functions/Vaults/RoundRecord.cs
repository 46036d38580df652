using System.Text.Json.Serialization;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>What the log says of one round that isn't resolved yet. Times are Numerai's own (UTC).</summary>
public sealed record RoundRecord(DateTimeOffset Opens, DateTimeOffset ClosesStaking, DateTimeOffset Resolves)
{
    public string? TriggerId { get; init; }

    /// <summary>The submission that was created, read back and found equal to our file.</summary>
    public string? SubmissionId { get; init; }

    /// <summary>SHA-256 of that file, 64 lower-case hex digits.</summary>
    public string? Hash { get; init; }

    /// <summary>The hash that was last seen committed in a final block.</summary>
    public string? CommittedHash { get; init; }

    /// <summary>How many files were submitted: each has its own commitment on chain.</summary>
    public int Versions { get; init; }

    /// <summary>How many of <see cref="Due.Looks"/> are done: what Numerai holds was looked at again.</summary>
    public int Looks { get; init; }

    /// <summary>At the last look another file was selected, and ours wasn't restored since.</summary>
    public bool Stale { get; init; }

    /// <summary>The stake that was decided and is neither closed nor abandoned.</summary>
    public StakeIntent? Intent { get; init; }

    public int StakeAttempts { get; init; }
    public int FailedAttempts { get; init; }

    /// <summary>Why the last failed attempt failed.</summary>
    public string? LastCause { get; init; }

    public bool Closed { get; init; }

    /// <summary>What was staked when the round closed.</summary>
    public Nmr Staked { get; init; }

    /// <summary>Who staked it, as Numerai knows him.</summary>
    public string? Staker { get; init; }

    /// <summary>A stake is bound to the file: decided, or in a block. Nothing replaces it any more, and the contract takes no other commitment.</summary>
    [JsonIgnore]
    public bool IsStaked => Intent is not null || Closed;

    /// <summary>What failed last was that there was no file, and one was submitted since: nothing waits for that any more.</summary>
    [JsonIgnore]
    public bool IsPastItsFailure => SubmissionId is not null && LastCause is Cause.NoPredictions or Cause.NodeFailed;

    public bool IsCommitted => Hash is not null && CommittedHash == Hash;

    static readonly TimeSpan PatienceMost = TimeSpan.FromHours(1);

    /// <summary>
    /// For how long beyond the usual pause a missing file isn't asked for again: each time twice as long, and in the last hour not at all. Whoever stores one sends a message, so this is for lost ones; without it a
    /// weekend's round that is forgotten would be hundreds of entries.
    /// </summary>
    public TimeSpan PatienceForAFile(DateTimeOffset now)
    {
        if (LastCause != Cause.NoPredictions || ClosesStaking - now <= PatienceMost)
            return TimeSpan.Zero;
        var pause = Step.Pause * Math.Pow(2, Math.Min(FailedAttempts - 1, 6));
        return (pause < PatienceMost ? pause : PatienceMost) - Step.Pause;
    }
}

/// <summary>A decided stake: the amount (the books' A_r) and how many results it was computed from.</summary>
public sealed record StakeIntent(int Attempt, Nmr Amount, int Collects);

/// <summary>What the log says of one settled week.</summary>
public sealed record WeekRecord(string BooksDigest, string BooksRoot, string ProposalDigest, string EntryDigest)
{
    /// <summary>From when on the pending proposal may be accepted (UTC); null while nothing is proposed.</summary>
    public DateTimeOffset? AcceptableAt { get; init; }

    /// <summary>How often a proposal was vetoed.</summary>
    public int Vetoes { get; init; }
}
