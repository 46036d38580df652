namespace Backstake.Accounting.Reference;

/// <summary>
/// Why an event was refused: a stable name and a sentence. A refused event changes nothing. Which check comes first is ACCOUNTING.md 3's order for each event.
/// </summary>
public sealed class Refusal
{
    public static readonly Refusal RoundOutOfOrder = new("roundOutOfOrder", "Rounds close in increasing order, at most 1,000 beyond the last.");
    public static readonly Refusal RoundNotOpen = new("roundNotOpen", "Only a round that has closed and is not resolved can be resolved.");
    public static readonly Refusal NothingStaked = new("nothingStaked", "A round in which nothing was staked pays and burns nothing.");
    public static readonly Refusal BurnBeyondCap = new("burnBeyondCap", "A round can't burn more than its capped part of the stake.");
    public static readonly Refusal UnknownTerms = new("unknownTerms", "These terms were not offered.");
    public static readonly Refusal UnknownSeries = new("unknownSeries", "No live units have these terms, entry week and payout choice.");
    public static readonly Refusal UnitsNotPositive = new("unitsNotPositive", "At least one unit must be named.");
    public static readonly Refusal NotEnoughUnits = new("notEnoughUnits", "The backer doesn't have so many units free for this.");
    public static readonly Refusal LockedUp = new("lockedUp", "The lockup of these units isn't over at the next settlement.");
    public static readonly Refusal AmountNotPositive = new("amountNotPositive", "An amount greater than zero must be named.");
    public static readonly Refusal HouseEncumbered = new("houseEncumbered", "So much of the house isn't spare.");
    public static readonly Refusal WindingDown = new("windingDown", "The vault is winding down.");
    public static readonly Refusal HouseInDebt = new("houseInDebt", "The house is in debt.");
    public static readonly Refusal HouseTooSmall = new("houseTooSmall", "The house is too small a part of the vault for so many more units.");
    public static readonly Refusal ReserveInsufficient = new("reserveInsufficient", "The unlocked reserve can't cover so many more units.");
    public static readonly Refusal ReserveLocked = new("reserveLocked", "So much of the reserve isn't unlocked.");
    public static readonly Refusal WeekOutOfOrder = new("weekOutOfOrder", "Weeks are settled one after another.");

    /// <summary>Every refusal there is, so that documents, contract and tests can be held against the list.</summary>
    public static IReadOnlyList<Refusal> All { get; } =
    [
        RoundOutOfOrder, RoundNotOpen, NothingStaked, BurnBeyondCap,
        UnknownTerms, UnknownSeries, UnitsNotPositive, NotEnoughUnits, LockedUp,
        AmountNotPositive, HouseEncumbered,
        WindingDown, HouseInDebt, HouseTooSmall, ReserveInsufficient, ReserveLocked,
        WeekOutOfOrder,
    ];

    private Refusal(string code, string sentence)
    {
        Code = code;
        Sentence = sentence;
    }

    public string Code { get; }

    public string Sentence { get; }

    public override string ToString() => Code;
}
