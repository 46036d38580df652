namespace Backstake.Accounting;

/// <summary>
/// One series in a backer's statement of a week: live units, those that leave, and those that wait to become it, together. To the wei:
/// opening + bought − taken back + received − handed on + result + cover − owner's share − upfront fee − paid = closing.
/// </summary>
public sealed record StatementLine
{
    public required SeriesId Series { get; init; }

    /// <summary>After the week's settlement: live and leaving ones.</summary>
    public Units Units { get; init; }

    /// <summary>The worth after the settlement before.</summary>
    public Nmr Opening { get; init; }

    public Nmr Bought { get; init; }

    /// <summary>Deposits that the backer cancelled while they waited.</summary>
    public Nmr TakenBack { get; init; }

    /// <summary>Units from another backer, at what they were worth then.</summary>
    public Nmr Received { get; init; }

    /// <summary>Units to another backer, at what they were worth then.</summary>
    public Nmr HandedOn { get; init; }

    /// <summary>What rounds gave or burnt.</summary>
    public Nmr Result { get; init; }

    public Nmr Cover { get; init; }

    public Nmr OwnerShare { get; init; }

    public Nmr UpfrontFee { get; init; }

    /// <summary>By this week's settlement, also deposits that a vault that winds down gives back.</summary>
    public Nmr Paid { get; init; }

    /// <summary>The worth after the settlement.</summary>
    public Nmr Closing { get; init; }

    /// <summary>What the week brought the backer: result + cover − owner's share − upfront fee.</summary>
    public Nmr Income => Result + Cover - OwnerShare - UpfrontFee;

    internal bool AddsUp => Opening + Bought - TakenBack + Received - HandedOn + Income - Paid == Closing;

    internal bool IsNothing => this == new StatementLine { Series = Series };
}
