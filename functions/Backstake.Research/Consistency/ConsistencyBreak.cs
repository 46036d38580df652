namespace Backstake.Research;

/// <summary>In what predictions or results stopped looking like the same model's.</summary>
public enum BreakKind
{
    /// <summary>The mean return, in errors of its difference.</summary>
    Level,

    /// <summary>How far returns move from one round to the next: the logarithm of the ratio.</summary>
    Steps,

    /// <summary>How the values of the files lie: the greatest difference between their two distribution functions.</summary>
    Distribution,

    /// <summary>The order of the ids that both files have: 1 − Spearman.</summary>
    Churn,
}

/// <summary>This does not look like the same model, and the number that says so. It proves nothing: docs/research.md tells how often it is wrong.</summary>
/// <param name="Round">From this one on, as near as can be said.</param>
public sealed record ConsistencyBreak(int Round, BreakKind Kind, double Value, double Limit);
