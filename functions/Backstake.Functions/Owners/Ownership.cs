namespace Backstake.Functions.Owners;

/// <summary>What is known of whose a vault's model is.</summary>
public enum OwnershipStatus
{
    /// <summary>Nobody proved it here, or nobody could look for so long that it counts no more.</summary>
    Unproven,
    Proven,

    /// <summary>It was proven, and then Numerai didn't list the model there any more.</summary>
    Lost,
}

/// <summary>By what it was proven.</summary>
public enum OwnershipProof
{
    /// <summary>The owner, signed in, brought a Numerai key, and Numerai lists the model in that key's account.</summary>
    NumeraiKey,

    /// <summary>Numerai lists the model in the operator's account, and an operator attests that this owner handed it over.</summary>
    Attestation,
}

/// <summary>An operator's word that the owner of a vault handed its model over into the operator's account.</summary>
public sealed record Attestation(string By, string Reason, DateTimeOffset At);

/// <summary>
/// Whether a vault's model is its owner's. Numerai's answers alone change it: while Numerai can't be asked it stays what it was, with the time of the last answer.
/// </summary>
/// <param name="Proof">By what it was proven last; null: never.</param>
/// <param name="Since">Since when the status is what it is; null: from the beginning.</param>
/// <param name="CheckedAt">When Numerai answered last; null: not since somebody brought a proof.</param>
/// <param name="Trouble">Why the last look brought no answer (a cause of <see cref="Numerai.NumeraiException"/>); null: it did.</param>
/// <param name="TriedAt">When that was.</param>
public sealed record Ownership(
    OwnershipStatus Status, OwnershipProof? Proof, DateTimeOffset? Since, DateTimeOffset? CheckedAt, string? Trouble, DateTimeOffset? TriedAt, Attestation? Attestation)
{
    public static readonly Ownership Nothing = new(OwnershipStatus.Unproven, null, null, null, null, null, null);

    /// <summary>So often Numerai is asked again.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromDays(7);

    /// <summary>After a look that brought no answer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>So long what Numerai said counts: four looks.</summary>
    public static readonly TimeSpan Lasts = 4 * Between;

    public bool IsDue(DateTimeOffset now) => (CheckedAt is null || now >= CheckedAt + Between) && (TriedAt is null || now >= TriedAt + Pause);

    public OwnershipStatus At(DateTimeOffset now) => Status == OwnershipStatus.Proven && now > CheckedAt + Lasts ? OwnershipStatus.Unproven : Status;

    /// <summary>Numerai answered.</summary>
    /// <param name="isOwners">It was asked with the key that the owner brought; else with the operator's.</param>
    /// <param name="isListed">The model is in that key's account.</param>
    public Ownership Seen(bool isOwners, bool isListed, DateTimeOffset now)
    {
        OwnershipProof? proof = !isListed ? null : isOwners ? OwnershipProof.NumeraiKey : Attestation is null ? null : OwnershipProof.Attestation;
        var status = proof is not null ? OwnershipStatus.Proven
            : isListed ? Status == OwnershipStatus.Lost ? Status : OwnershipStatus.Unproven // with the operator, and nobody says from whom
            : Status == OwnershipStatus.Proven && Proof == OwnershipProof.NumeraiKey && !isOwners ? OwnershipStatus.Unproven // the key was taken back: its account can't be asked
            : Status == OwnershipStatus.Unproven ? Status : OwnershipStatus.Lost;
        return new(status, proof ?? Proof, status == Status ? Since : now, now, null, null, status == OwnershipStatus.Lost ? null : Attestation); // who brings it back may be another
    }

    public Ownership Unanswered(string cause, DateTimeOffset now) => this with { Trouble = cause, TriedAt = now };

    /// <summary>An operator says whose the model was; what it is worth, Numerai's next answer says.</summary>
    public Ownership Attested(Attestation by) => this with { Attestation = by, CheckedAt = Status == OwnershipStatus.Proven ? CheckedAt : null, TriedAt = null };

    public Ownership AttestationWithdrawn(DateTimeOffset now) => Without(OwnershipProof.Attestation, now) with { Attestation = null };

    public Ownership KeyTakenBack(DateTimeOffset now) => Without(OwnershipProof.NumeraiKey, now);

    /// <summary>What it rested on is gone; Numerai is asked soon what else there is, after every machine has forgotten a key that was taken back.</summary>
    Ownership Without(OwnershipProof proof, DateTimeOffset now) =>
        Status == OwnershipStatus.Proven && Proof == proof ? this with { Status = OwnershipStatus.Unproven, Since = now, CheckedAt = null, TriedAt = now } : this;
}

/// <summary>As anybody sees it.</summary>
/// <param name="By">By what it was proven last; null: never.</param>
/// <param name="CheckedAt">When Numerai last answered whose the model is.</param>
/// <param name="Trouble">Why it couldn't be asked since; null: it could.</param>
public sealed record ShownOwnership(OwnershipStatus Status, OwnershipProof? By, DateTimeOffset? Since, DateTimeOffset? CheckedAt, string? Trouble)
{
    public static ShownOwnership Of(Ownership ownership, DateTimeOffset now)
    {
        var status = ownership.At(now);
        return new(status, ownership.Proof, status == ownership.Status ? ownership.Since : ownership.CheckedAt + Ownership.Lasts, ownership.CheckedAt, ownership.Trouble);
    }
}
