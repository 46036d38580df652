using System.Numerics;
using Backstake.Accounting;

namespace Backstake.Cli.Verify;

/// <summary>
/// The books' cash, reserve and stake are the chain's, to the wei, allowing for settlements that are settled and not accepted: C is their cover, H what they pay backers and from the house, Q what they
/// pay from the reserve (CONTRACT.md "Decided" 12).
/// </summary>
internal static class MoneyIsThere
{
    public static IEnumerable<Check> Of(FoldedHistory history, ChainEvidence chain)
    {
        var (books, money) = (history.Books, chain.Money);
        var settled = history.NotAccepted(chain).Select(one => one.Settlement).ToList();
        var cover = Sum(settled.SelectMany(one => one.Lines).Select(line => line.Units * line.Cover));
        var fromReserve = Sum(settled.Select(one => one.ReservePaid));
        var paid = Sum(settled.SelectMany(one => one.Payments).Select(payment => payment.Amount)) - fromReserve;
        var (c, h, q) = (cover.Wei, paid.Wei, fromReserve.Wei);

        yield return Equal("The books' cash is on chain", books.Cash, money.Free + money.Waiting + money.Joining + c - h, "free + waiting + joining + C − H");
        yield return Equal("The books' reserve is on chain", books.Reserve, money.Reserve - money.ReserveDue - c - q, "reserve − reserve due − C − Q");
        yield return Equal("The books' stake is staked", books.Stake, money.Staked, "Σ open stakes");
        var booked = money.Free + money.Waiting + money.Joining + money.Promised + money.Reserve;
        yield return new Check(
            "The vault has the NMR that it accounts for", chain.Balance >= booked,
            $"{new Nmr(chain.Balance)} NMR in the vault; free, waiting, joining, promised and reserve are {new Nmr(booked)}");
    }

    private static Check Equal(string name, Nmr inBooks, BigInteger onChain, string formula) =>
        new(name, inBooks.Wei == onChain, $"books {inBooks} NMR, chain {new Nmr(onChain)} ({formula})");

    private static Nmr Sum(IEnumerable<Nmr> amounts) => amounts.Aggregate(Nmr.Zero, (sum, amount) => sum + amount);
}
