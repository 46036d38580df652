using Backstake.Accounting;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Util;

namespace Backstake.Cli.Verify;

/// <summary>
/// Everything that a settlement told the contract follows from the books: each unit's lifetime total (live <c>pay</c> units too), cover, what the owner gets, the spare, the stake of the week.
/// So does a proposal that waits for acceptance: while it can be vetoed, anybody can see here whether it should be. The contract keeps only the digest of those words: they are written here again and must give the same. A line for each class that was paid or covered in this settlement or is final, in the order of
/// series and exit week.
/// </summary>
internal static class SettlementsAreTheBooks
{
    private const string Name = "Every settlement proposed and accepted pays what the books say";
    private const int SelectorBytes = 4;

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var accepted = history.Accepted(chain).ToList();
        return Check.Of(Name, $"{accepted.Count} settlements with {accepted.Sum(settled => Lines(settled.Settlement).Count())} lines{(chain.State.Proposal is null ? "" : ", and a proposal")}, word by word", Wrong(history, accepted, chain));
    }

    /// <summary>What the settler must have proposed.</summary>
    public static ProposeFunction Words(FoldedSettlement settled)
    {
        var settlement = settled.Settlement;
        return new ProposeFunction
        {
            Week = new SettlementWeek
            {
                Week = (uint)settled.Week,
                StakeLimit = ((PerRoundStake)settlement.Instruction).Amount.Wei,
                HouseOut = settlement.HousePaid.Wei,
                ReserveOut = settlement.ReservePaid.Wei,
                HouseSpare = settlement.HouseSpare.Wei,
                Books = settled.Root ?? [],
            },
            Lines = [.. Lines(settlement)],
        };
    }

    // The contract's own digest: keccak-256 of the arguments.
    private static byte[] Content(FoldedSettlement settled) => settled.Root is null ? [] : Sha3Keccack.Current.CalculateHash(Words(settled).GetCallData()[SelectorBytes..]);

    private static IEnumerable<SettlementLine> Lines(Settlement settlement) => settlement.Lines
        .Where(line => !line.PaidNow.IsZero || !line.Cover.IsZero || line.Final)
        .Select(line => (Line: line, Class: ChainClass.Of(line.Series, line.ExitWeek)))
        .Select(it => new SettlementLine
        {
            Series = it.Class.Series.ToNumber(),
            ExitWeek = it.Class.ExitWeek,
            Units = (ulong)it.Line.Units.Count,
            Paid = it.Line.Paid.Wei,
            Cover = it.Line.Cover.Wei,
            Closed = it.Line.Final,
        })
        .OrderBy(line => line.Series)
        .ThenBy(line => line.ExitWeek);

    private static IEnumerable<string> Wrong(FoldedHistory history, List<FoldedSettlement> accepted, ChainEvidence chain)
    {
        // What was vetoed is proposed again: the last proposal of a week is the one that was accepted.
        var proposed = chain.Log.Select(entry => entry.Event).OfType<ProposedEvent>().GroupBy(proposal => (int)proposal.Week).ToDictionary(week => week.Key, week => week.Last());
        foreach (var settled in accepted)
        {
            if (!proposed.TryGetValue(settled.Week, out var proposal)) yield return $"week {settled.Week} was accepted, but never proposed";
            else if (!Content(settled).AsSpan().SequenceEqual(proposal.Content))
                yield return $"week {settled.Week}: the chain accepted other payments, amounts of the owner or stakes than the books'";
        }

        if (chain.State.Proposal is not { } open) yield break;
        if (history.Settlements.FirstOrDefault(settled => settled.Week == open.Week) is not { } next) yield return $"week {open.Week} is proposed, the history has not settled it";
        else if (!Content(next).AsSpan().SequenceEqual(open.Content))
            yield return $"week {open.Week}: other payments, amounts of the owner or stakes are proposed than the books': guardian or owner should veto before {open.AcceptableAt:u}";
    }
}
