using Azure;

namespace Backstake.Functions.Ethereum;

/// <summary>What the head row of a signer's partition says.</summary>
/// <param name="Next">The next nonce to be chosen.</param>
/// <param name="Closed">Every transaction with a smaller nonce is in a final block.</param>
/// <param name="Halted">Why nothing more is signed with this key until an operator resumes it; null: it works.</param>
public sealed record SignerHead(long Next, long Closed, string? Halted, ETag ETag);

/// <summary>What became of a transaction for good.</summary>
public enum Outcome
{
    Succeeded,

    /// <summary>In a final block, and it reverted.</summary>
    Failed,

    /// <summary>Somebody else used its nonce: it can never be mined.</summary>
    Foreign,

    /// <summary>There is none: the purpose was given up before anything was signed.</summary>
    Forgone,
}

/// <summary>The transaction of one purpose.</summary>
/// <param name="Hashes">Of every version that was signed, the newest first: any of them may be mined.</param>
/// <param name="Raw">The newest version's signed bytes.</param>
/// <param name="Block">The latest block when that version was signed.</param>
/// <param name="Deadline">Until when it must be mined to be of use (UTC); null: a payment, which can wait.</param>
/// <param name="Outcome">Null while it isn't in a final block.</param>
/// <param name="Reason">Why it failed: the contract's refusal, <c>outOfGas</c>, or <c>reverted</c>.</param>
public sealed record OutboxEntry(
    string Vault, string Purpose, long Nonce, IReadOnlyList<string> Hashes, byte[] Raw, long Block, DateTimeOffset? Deadline,
    Outcome? Outcome, string? Reason, string? MinedHash, ETag ETag)
{
    public const string OutOfGas = "outOfGas";
    public const string Reverted = "reverted";
}

/// <summary>A nonce that was chosen, and what for.</summary>
public sealed record ChosenNonce(long Nonce, string Vault, string Purpose, DateTimeOffset? Deadline);
