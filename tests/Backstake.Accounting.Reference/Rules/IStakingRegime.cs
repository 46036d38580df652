using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>What a close fixes: the vault's stake A_r, the house's part of it and s_r of a unit of each live series (ACCOUNTING.md 2).</summary>
internal sealed record StakesOfRound(Nmr Total, Nmr House, ImmutableArray<(Series Series, Nmr OfUnit)> Series);

/// <summary>Where the two regimes of ACCOUNTING.md 2 differ.</summary>
internal interface IStakingRegime
{
    /// <summary>What of a stake its round could still burn.</summary>
    Nmr Locked(Nmr stake, BasisPoints maxBurn);

    /// <summary>"At close".</summary>
    StakesOfRound Stakes(Books books, BasisPoints share);

    /// <summary>The stake of a round that closes is put up.</summary>
    Books PutUp(Books books, Nmr stake);

    /// <summary>"At resolution": stake and cash. <paramref name="tranchesGained"/>: what all tranches gained together.</summary>
    Books Return(Books books, OpenRound round, Nmr payout, Nmr tranchesGained);

    /// <summary>ACCOUNTING.md 4.4, the last sentence.</summary>
    Books ReleaseIfNothingIsOpen(Books books);

    /// <summary>ACCOUNTING.md 4.6.</summary>
    (Books Books, Instruction Instruction) Instruct(Books books);

    /// <summary>The part of ACCOUNTING.md 5 that is this regime's alone, from the running totals.</summary>
    void Check(Books books);

    /// <summary>The same for each unit.</summary>
    void CheckUnit(Books books, Unit unit);
}
