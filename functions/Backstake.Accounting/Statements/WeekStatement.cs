using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>When and by which transaction an event happened, for those who ask.</summary>
/// <param name="At">UTC.</param>
/// <param name="Transaction">0x and 64 hex digits; null: it wasn't one.</param>
public sealed record EventOrigin(DateTimeOffset At, string? Transaction);

/// <summary>What a backer did, or had done to units of theirs, in a week.</summary>
public enum MovementKind
{
    Deposit,
    CancelDeposit,
    Exit,
    CancelExit,
    TransferOut,
    TransferIn,
}

/// <param name="Amount">What moved: NMR paid or taken back, or what units handed over were worth; zero where nothing did.</param>
/// <param name="Other">Whom units came from or went to.</param>
/// <param name="Origin">Null where the history doesn't say it.</param>
public sealed record Movement(MovementKind Kind, SeriesId Series, Units Units, Nmr Amount, Backer? Other, EventOrigin? Origin);

/// <summary>What a settlement paid a backer of one class, which is what can be claimed by itself on chain.</summary>
/// <param name="ExitWeek">Null: of live units that are paid weekly. Of a deposit that is given back: the week in which it would have joined.</param>
public readonly record struct ClassPayment(SeriesId Series, Week? ExitWeek, Nmr Amount);

/// <summary>A backer's statement of a settled week.</summary>
/// <param name="Lines">By terms id, entry week and payout.</param>
/// <param name="Payments">The same as the lines' payments, class by class.</param>
/// <param name="Movements">In the order of the log.</param>
public sealed record WeekStatement(Week Week, Backer Backer, ImmutableArray<StatementLine> Lines, ImmutableArray<ClassPayment> Payments, ImmutableArray<Movement> Movements)
{
    public Nmr Opening => Sum(line => line.Opening);

    public Nmr Closing => Sum(line => line.Closing);

    public Nmr Income => Sum(line => line.Income);

    /// <summary>What the settlement pays the backer: one of the published payments.</summary>
    public Nmr Paid => Sum(line => line.Paid);

    public bool IsEmpty => Lines.IsEmpty && Movements.IsEmpty;

    public Nmr Sum(Func<StatementLine, Nmr> of) => Lines.Aggregate(Nmr.Zero, (sum, line) => sum + of(line));
}
