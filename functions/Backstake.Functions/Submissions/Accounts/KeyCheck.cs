using Backstake.Functions.Numerai;

namespace Backstake.Functions.Submissions.Accounts;

/// <summary>What a key of an owner's may be, looked at before it is kept: it submits and stakes for the vault's model, and can do nothing else.</summary>
public static class KeyCheck
{
    /// <summary>Without these no round could be submitted and staked.</summary>
    public static readonly IReadOnlyList<string> Needed = ["upload_submission", "web3_staking"];

    /// <summary>Reading back what was submitted, and the older regime's stake.</summary>
    public static readonly IReadOnlyList<string> Allowed = [.. Needed, "read_submission_info", "stake"];

    /// <returns>Why the key isn't taken, as a sentence; null: it is.</returns>
    /// <remarks>Assumption: <c>account { apiTokens { public_id scopes } models { id } }</c>, asked with a key, lists that key, as numerapi reads it.</remarks>
    public static string? Fault(NumeraiAccount account, string modelId)
    {
        if (account.Scopes is not { } scopes)
            return "Numerai doesn't say what the key may do.";
        if (Needed.Except(scopes, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            return $"It lacks {string.Join(" and ", missing)}.";
        if (scopes.Except(Allowed, StringComparer.Ordinal).ToList() is { Count: > 0 } more)
            return $"It may do more than it is for ({more.Count} other scopes): make one at Numerai with {string.Join(", ", Needed)} alone.";
        return account.Models.Contains(modelId, StringComparer.OrdinalIgnoreCase) ? null : "The vault's model isn't one of its account's.";
    }
}
