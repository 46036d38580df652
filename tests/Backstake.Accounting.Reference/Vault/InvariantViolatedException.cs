namespace Backstake.Accounting.Reference;

/// <summary>What can't be true is: the books of this vault must not be used further. A bug, never an answer to an event.</summary>
public sealed class InvariantViolatedException(string invariant, string vault, Week week)
    : InvalidOperationException($"Vault {vault}, after week {week}: '{invariant}' does not hold.")
{
    /// <summary>What doesn't hold, in ACCOUNTING.md 5's words.</summary>
    public string Invariant { get; } = invariant;

    public string Vault { get; } = vault;

    /// <summary>The last settled week.</summary>
    public Week Week { get; } = week;
}
