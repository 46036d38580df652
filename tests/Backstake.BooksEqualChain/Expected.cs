namespace Backstake.BooksEqualChain;

/// <summary>What must occur among the usual histories, as <see cref="Counts"/> names it: without it their agreement would say nothing about it.</summary>
internal static class Expected
{
    private const string Alone = " (the chain alone)";

    private static readonly string[] Acts =
    [
        "deposit", "cancelDeposit", "cancelDeposit for another", "exit", "cancelExit", "transfer", "claim", "houseDeposit", "houseWithdraw", "takeHouse", "reserveDeposit", "reserveWithdraw",
        "takeReserve", "stake", "collect", "settle", "propose", "propose falsely", "veto", "accept", "donation", "donation to the staker", "sync", "pause", "resume", "withdrawOffer", "windDown", "moveCut", "revokeCutMove", "announceStaker", "revokeStaker", "adoptStaker", "claim anywhere",
    ];

    private static readonly string[] RefusedByBoth =
    [
        "deposit: unknownTerms", "deposit: unitsNotPositive", "deposit: windingDown", "deposit: houseTooSmall", "deposit: reserveInsufficient",
        "cancelDeposit: unitsNotPositive", "cancelDeposit: notEnoughUnits", "exit: unknownSeries", "exit: unitsNotPositive", "exit: notEnoughUnits", "exit: lockedUp",
        "cancelExit: unitsNotPositive", "cancelExit: notEnoughUnits", "transfer: unknownSeries", "transfer: unitsNotPositive", "transfer: notEnoughUnits",
        "houseDeposit: amountNotPositive", "houseWithdraw: amountNotPositive", "houseWithdraw: houseEncumbered", "reserveDeposit: amountNotPositive", "reserveWithdraw: amountNotPositive",
        "reserveWithdraw: reserveLocked", "stake: roundOutOfOrder", "collect: roundNotOpen", "windDown: windingDown",
    ];

    private static readonly string[] RefusedByTheChainAlone =
    [
        .. new[]
        {
            "deposit: stopped", "deposit: wrongWeek", "deposit: unknownTerms", "deposit: tooManyUnits", "deposit: pending", "deposit: reserveInsufficient", "exit: pending", "exit: unknownSeries", "transfer: pending", "transfer: unknownSeries",
            "houseDeposit: pending", "houseWithdraw: pending", "reserveWithdraw: pending", "sync: pending", "stake: pending", "stake: stopped", "stake: windingDown", "stake: amountNotPositive",
            "stake: ringFull", "stake after a collect: booksMoved", "stake without commitment: noCommitment", "stake beyond the instruction: beyondInstruction",
            "stake in the same round again: alreadyStaked", "stake by a stranger: notAllowed", "collect before the result: badProof", "collect with another result: badProof",
            "propose before the cut: tooEarly", "propose a later week: wrongWeek", "accept: nothingPending", "accept before the window is over: tooEarly", "accept something else: linesDiffer",
            "veto: nothingPending", "windDown: tooEarly", "cancelDeposit for another: notAllowed", "moveCut: tooEarly", "moveCut: badCut", "revokeCutMove: nothingPending", "adoptStaker: tooEarly",
        }.Select(refusal => refusal + Alone),
    ];

    private static readonly string[] Situations =
    [
        "claim that pays", "pay units paid", "leavers paid", "leavers who wait for rounds", "term ended", "everybody leaves", "waiting deposits given back by a settlement",
        "wind-down by silence", "wind-down by an overdue class", "house paid to the owner", "reserve paid to the owner", "cover paid", "cover limited by the lock", "claw-back", "upfront fee paid",
        "profit share paid, AtEnd", "profit share paid, Weekly", "profit share paid, WeeklyHighWater",
        "deposit under AtEnd", "deposit under Weekly", "deposit under WeeklyHighWater", "deposit of pay units", "deposit with an upfront fee", "deposit that binds the house", "deposit with leverage",
        "deposit of units of odd weis", "deposit of one smallest unit", "deposit of the most units of a call",
        "house deposit of 1 wei", "house withdrawal of 1 wei", "reserve withdrawal of 1 wei", "transfer of pay units", "transfer to oneself",
        "round won", "round lost", "round that neither won nor lost", "round that burned everything", "round with a result of 1 wei", "round that came home before its collect", "round that comes home through an earlier staker", "missed round",
        "round that nothing may be staked in", "part-staked round", "more open rounds than concurrentRounds",
        "late week", "acceptance after the next cut", "deposit between cut and acceptance", "cancelDeposit between cut and acceptance", "exit between cut and acceptance",
        "cancelExit between cut and acceptance", "transfer between cut and acceptance", "houseDeposit between cut and acceptance", "reserveDeposit between cut and acceptance",
        "collect between cut and acceptance", "claim between cut and acceptance", "sync between cut and acceptance", "windDown between cut and acceptance",
    ];

    public static IEnumerable<string> All => [.. Acts, .. RefusedByBoth, .. RefusedByTheChainAlone, .. Situations];
}
