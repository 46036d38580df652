namespace Backstake.Accounting.Reference;

/// <summary>Something that happened to a vault and moves its books: the events of ACCOUNTING.md 3, and no others.</summary>
public abstract record VaultEvent
{
    private protected VaultEvent()
    {
    }
}

/// <summary>The vault's stake in a round is fixed. <paramref name="ShareBps"/>: the part of it that really was staked; 0: the round was missed.</summary>
public sealed record Close(Round Round, BasisPoints ShareBps) : VaultEvent
{
    public Close(Round round)
        : this(round, BasisPoints.Whole)
    {
    }
}

/// <summary>A round's result, in money: negative is a burn.</summary>
public sealed record Resolve(Round Round, Nmr Payout) : VaultEvent;

public sealed record Deposit(Backer Backer, TermsId Terms, Units Units, Payout Payout = Payout.Compound) : VaultEvent;

/// <summary>Takes back units that wait for the next settlement.</summary>
public sealed record CancelDeposit(Backer Backer, TermsId Terms, Units Units, Payout Payout = Payout.Compound) : VaultEvent;

/// <summary>Asks units of a live series out: they leave at the next settlement.</summary>
public sealed record Exit(Backer Backer, SeriesId Series, Units Units) : VaultEvent;

public sealed record CancelExit(Backer Backer, SeriesId Series, Units Units) : VaultEvent;

/// <summary>Units of a live series change hands.</summary>
public sealed record Transfer(Backer Backer, Backer To, SeriesId Series, Units Units) : VaultEvent;

public sealed record HouseDeposit(Nmr Amount) : VaultEvent;

public sealed record HouseWithdraw(Nmr Amount) : VaultEvent;

public sealed record ReserveDeposit(Nmr Amount) : VaultEvent;

public sealed record ReserveWithdraw(Nmr Amount) : VaultEvent;

/// <summary>The vault closes: at the next settlement everybody leaves.</summary>
public sealed record WindDown : VaultEvent;

public sealed record Settle(Week Week) : VaultEvent;
