using System.Collections.Immutable;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>
/// What moved after the way out without an operator was opened (CONTRACT.md "Decided" 15): the history ends there, the vault's money goes on. All nothing while it isn't open. Wei.
/// </summary>
/// <param name="Collected">Rounds that came home.</param>
/// <param name="Refunds">Deposits that were never accepted, given back, by backer.</param>
/// <param name="Paid">By leaves and, later, without, by holder; the house's leaf is not among it.</param>
/// <param name="PaidHouse">By the house's leaf, to the owner.</param>
/// <param name="HouseMoved">House that waited for a settlement, and is now due to the owner.</param>
internal sealed record WayOut(
    bool IsOpen, ImmutableArray<CollectedEvent> Collected, ImmutableDictionary<string, BigInteger> Refunds, ImmutableDictionary<string, BigInteger> Paid, BigInteger PaidHouse, BigInteger HouseMoved)
{
    public BigInteger RefundsTotal => Refunds.Values.Aggregate(BigInteger.Zero, BigInteger.Add);

    public BigInteger PaidTotal => Paid.Values.Aggregate(PaidHouse, BigInteger.Add);

    public static WayOut Of(FoldedHistory history, ChainEvidence chain)
    {
        var after = chain.Log.SkipWhile(entry => entry.Event is not BooksClosedEvent).Select(entry => entry.Event).ToList();
        var refunds = after.OfType<CancelledEvent>().Select(cancel => (cancel.Backer, Amount: cancel.Units * ChainMoney.UnitSizeOf(cancel.Series, history.File).Wei));
        var paid = after.OfType<EscapedEvent>().Where(escaped => !escaped.Series.IsZero).Select(escaped => (escaped.Holder, escaped.Amount))
            .Concat(after.OfType<RestTakenEvent>().Select(rest => (rest.Holder, rest.Amount)));
        var house = Sum(after.OfType<EscapedEvent>().Where(escaped => escaped.Series.IsZero).Select(escaped => escaped.Amount));
        return new(after.Count > 0, [.. after.OfType<CollectedEvent>()], ByHolder(refunds), ByHolder(paid), house, after.Count > 0 ? HouseThatWaited(history, chain) : 0);
    }

    /// <summary>Added since the cut of the last accepted settlement: no later one will let it join.</summary>
    private static BigInteger HouseThatWaited(FoldedHistory history, ChainEvidence chain) => Sum(history.File.Events
        .SkipWhile(told => chain.State.LastAccepted > 0 && told != new Settle(new Week((int)chain.State.LastAccepted)))
        .OfType<HouseDeposit>()
        .Select(deposit => deposit.Amount.Wei));

    private static ImmutableDictionary<string, BigInteger> ByHolder(IEnumerable<(string Holder, BigInteger Amount)> amounts) =>
        amounts.GroupBy(one => one.Holder.ToLowerInvariant()).ToImmutableDictionary(one => one.Key, one => Sum(one.Select(it => it.Amount)));

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, BigInteger.Add);
}
