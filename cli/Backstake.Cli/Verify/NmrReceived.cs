using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>Every NMR that left the vault has its reason in the vault's log: a claim, a cancelled deposit, a stake, what the owner took, or what the way out without an operator paid. NMR's own transfers are the witness.</summary>
internal static class NmrReceived
{
    private const string Name = "All NMR that left the vault was a claim, a refund, a stake, the owner's, or somebody's way out";

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var (sent, reasons) = (ByAddress(chain), Reasons(history, chain));
        var wrong = sent.Keys.Union(reasons.Keys).Order(StringComparer.Ordinal)
            .Where(to => sent.GetValueOrDefault(to) != reasons.GetValueOrDefault(to))
            .Select(to => $"{to} received {new Nmr(sent.GetValueOrDefault(to))} NMR, the vault's log explains {new Nmr(reasons.GetValueOrDefault(to))}");
        return Check.Of(Name, $"{new Nmr(sent.Values.Aggregate(BigInteger.Zero, BigInteger.Add))} NMR to {sent.Count} addresses", wrong);
    }

    public static Dictionary<string, BigInteger> ByAddress(ChainEvidence chain) =>
        chain.Sent.GroupBy(sent => sent.To).ToDictionary(sent => sent.Key, sent => sent.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount));

    /// <summary>What the address took as the vault's owner, not as a backer.</summary>
    public static BigInteger AsOwner(string address, ChainEvidence chain) => address != chain.Created.Owner.ToLowerInvariant()
        ? BigInteger.Zero
        : chain.Log.Aggregate(BigInteger.Zero, (sum, entry) => sum + entry.Event switch
        {
            HouseTakenEvent house => house.Amount,
            ReserveTakenEvent reserve => reserve.Amount,
            EscapedEvent house when house.Series.IsZero => house.Amount,
            _ => BigInteger.Zero,
        });

    private static Dictionary<string, BigInteger> Reasons(FoldedHistory history, ChainEvidence chain)
    {
        var reasons = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        void Add(string to, BigInteger amount) => reasons[to.ToLowerInvariant()] = reasons.GetValueOrDefault(to.ToLowerInvariant()) + amount;
        var stakers = 0;
        foreach (var seen in chain.Log.Select(entry => entry.Event))
        {
            if (seen is StakerAdoptedEvent) stakers++;
            if (seen is ClaimedEvent claim) Add(claim.Holder, claim.Amount);
            if (seen is StakedEvent stake) Add(chain.Stakers[stakers], stake.Amount);
            if (seen is CancelledEvent cancel) Add(cancel.Backer, cancel.Units * ChainMoney.UnitSizeOf(cancel.Series, history.File).Wei);
            if (seen is EscapedEvent escaped && !escaped.Series.IsZero) Add(escaped.Holder, escaped.Amount);
            if (seen is RestTakenEvent rest) Add(rest.Holder, rest.Amount);
        }

        var taken = AsOwner(chain.Created.Owner.ToLowerInvariant(), chain);
        if (!taken.IsZero) Add(chain.Created.Owner, taken);
        return reasons;
    }
}
