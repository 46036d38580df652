using Backstake.Accounting;

namespace Backstake.Functions.Backers.Tax;

/// <summary>When money counts: when it reaches or leaves the wallet, or when the books give it.</summary>
public enum TaxBasis
{
    Cash,
    Accrual,
}

/// <summary>What a row of an export is.</summary>
public enum TaxKind
{
    /// <summary>NMR left the wallet for units.</summary>
    Deposit,

    /// <summary>NMR came back, up to what the units had cost.</summary>
    Returned,

    /// <summary>NMR came beyond that.</summary>
    Reward,

    /// <summary>Units went to or came from another backer; no NMR moved.</summary>
    UnitsOut,
    UnitsIn,

    /// <summary>What a week brought or burnt, after the owner's share (accrual alone).</summary>
    Income,
    Loss,
}

/// <param name="At">UTC.</param>
/// <param name="Amount">Positive; of units handed over what they were worth.</param>
/// <param name="Transaction">Null: it isn't one of the backer's.</param>
public sealed record TaxRow(DateTimeOffset At, TaxKind Kind, Nmr Amount, string Vault, string Model, SeriesId Series, Week? Week, string? Transaction)
{
    public bool IsSent => Kind is TaxKind.Deposit or TaxKind.Loss;

    public bool IsReceived => Kind is TaxKind.Returned or TaxKind.Reward or TaxKind.Income;
}
