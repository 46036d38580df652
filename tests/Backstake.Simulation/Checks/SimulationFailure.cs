namespace Backstake.Simulation.Checks;

/// <summary>A promise was broken: which check saw it, and what it saw.</summary>
public sealed class SimulationFailure(string check, string what) : Exception($"{check}: {what}")
{
    public string Check { get; } = check;

    public static void Unless(bool condition, string check, Func<string> what)
    {
        if (!condition)
            throw new SimulationFailure(check, what());
    }
}

/// <summary>The checks' names, which planted bugs are found by.</summary>
public static class Check
{
    public const string KeyTwice = "naturalKeyTwice";
    public const string KeyRow = "keyRowOfEachEvent";
    public const string HashChain = "chainOfHashes";
    public const string Gap = "noGapInTheLog";
    public const string Head = "headIsTheLastEvent";
    public const string BooksRefuse = "booksTakeEachEvent";
    public const string Invariant = "accountingInvariants";
    public const string StoredBooks = "storedBooksAreTheFold";
    public const string Halted = "noVaultHalts";
    public const string NotFinal = "onlyWhatIsFinal";
    public const string NotOnChain = "onlyWhatIsOnChain";
    public const string ChainOrder = "chainOrder";
    public const string WrongWeek = "eachEventInItsWeek";
    public const string IntentOpen = "nothingMovesWhileAStakeIsDecided";
    public const string StakeUndecided = "onlyDecidedStakes";
    public const string CloseAmount = "closedAsStaked";
    public const string Unstored = "storedBeforeSent";
    public const string NonceReused = "oneTransactionANonce";
    public const string NonceGap = "noncesWithoutGap";
    public const string PurposeTwice = "oneTransactionAPurpose";
    public const string NotTheBooks = "acceptedIsTheBooks";
    public const string MoneyLost = "everyWeiIsSomewhere";
    public const string MoneyOut = "paidIsReleased";
    public const string Overwritten = "nothingIsOverwritten";
    public const string Unfinished = "everythingDueIsDone";
    public const string OtherEnd = "sameEnd";
    public const string WrongFile = "stakedOnOurFile";
}
