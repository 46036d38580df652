namespace Backstake.Accounting;

/// <summary>Where the two regimes of ACCOUNTING.md 2 differ.</summary>
internal interface IStakingRegime
{
    /// <summary>"At close": the vault's stake A_r, the house's part of it, and into <paramref name="stakes"/> the part s_r of a unit of each live series, 0 in the other slots.</summary>
    (Nmr Total, Nmr House) Stakes(BooksState books, BasisPoints share, Span<Int128> stakes);

    /// <summary>The stake of a round that closes is put up.</summary>
    void PutUp(BooksState books, Nmr stake);

    /// <summary>
    /// A round's result, ACCOUNTING.md 3 "resolve": every unit of the table in the round gets q = max(⌊P·s_r/A_r⌋, p − v), and its stake is unlocked. Returns what they got together.
    /// </summary>
    /// <param name="payout">P over A_r.</param>
    Nmr Give(BooksState books, UnitTable table, int round, in Proportion payout);

    /// <summary>"At resolution": stake and cash. <paramref name="tranchesGained"/>: what all tranches gained together.</summary>
    void Return(BooksState books, OpenRound round, Nmr payout, Nmr tranchesGained);

    /// <summary>ACCOUNTING.md 4.4, the last sentence.</summary>
    void ReleaseIfNothingIsOpen(BooksState books);

    /// <summary>ACCOUNTING.md 4.6.</summary>
    Instruction Instruct(BooksState books);

    /// <summary>The part of ACCOUNTING.md 5 that is this regime's alone, from the running totals.</summary>
    void Check(BooksState books);

    /// <summary>The same for each unit.</summary>
    void CheckUnit(BooksState books, UnitTable table, int slot);
}
