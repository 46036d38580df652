using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>
/// The books' cash, reserve and stake are the chain's, to the wei, allowing for settlements that are settled and not accepted: C is their cover, H what they pay backers and from the house, Q what they
/// pay from the reserve (CONTRACT.md "Decided" 12). The books end where the way out without an operator was opened: what moved since is undone first.
/// </summary>
internal static class MoneyIsThere
{
    private const string ReserveName = "The books' reserve is on chain";

    public static IEnumerable<Check> Of(FoldedHistory history, ChainEvidence chain)
    {
        var (books, state, wayOut) = (history.Books, chain.State, WayOut.Of(history, chain));
        var settled = history.NotAccepted(chain).Select(one => one.Settlement).ToList();
        var c = Sum(settled.SelectMany(one => one.Lines).Select(line => line.Units * line.Cover));
        var q = Sum(settled.Select(one => one.ReservePaid));
        var h = Sum(settled.SelectMany(one => one.Payments).Select(payment => payment.Amount)) - q;

        var reserve = ReserveBefore(history, chain, wayOut) - c - q;
        var taken = wayOut.IsOpen ? reserve - books.Reserve.Wei : 0; // negative: as cover for those who escape
        var free = state.Free + wayOut.PaidTotal + taken - wayOut.Collected.Aggregate(BigInteger.Zero, (sum, round) => sum + round.Returned);
        var arrived = state.Waiting + state.Joining + wayOut.RefundsTotal + wayOut.HouseMoved;
        var staked = state.Staked + wayOut.Collected.Aggregate(BigInteger.Zero, (sum, round) => sum + round.Staked);

        yield return Equal("The books' cash is on chain", books.Cash, free + arrived + c - h, "free + waiting + joining + C − H");
        yield return wayOut.IsOpen && Covers(history, chain).Contains(-taken)
            ? Check.Pass(ReserveName, $"books {books.Reserve} NMR, of which the way out took {new Nmr(-taken)} as cover")
            : Equal(ReserveName, books.Reserve, reserve, "reserve − reserve due − C − Q");
        yield return Equal("The books' stake is staked", books.Stake, staked, "Σ open stakes");
        var booked = state.Free + state.Waiting + state.Joining + state.Promised + state.Reserve;
        yield return new Check(
            "The vault has the NMR that it accounts for", chain.Balance >= booked,
            $"{new Nmr(chain.Balance)} NMR in the vault; free, waiting, joining, promised and reserve are {new Nmr(booked)}");
    }

    /// <summary>Without what is due to the owner by accepted settlements, whether he took it or not; the way out makes more of it due, which isn't the settlements'.</summary>
    private static BigInteger ReserveBefore(FoldedHistory history, ChainEvidence chain, WayOut wayOut)
    {
        if (!wayOut.IsOpen) return chain.State.Reserve - chain.State.ReserveDue;
        var taken = chain.Log.Select(entry => entry.Event).OfType<ReserveTakenEvent>().Aggregate(BigInteger.Zero, (sum, it) => sum + it.Amount);
        return chain.State.Reserve + taken - Sum(history.Accepted(chain).Select(one => one.Settlement.ReservePaid));
    }

    /// <summary>What the way out may take of the reserve: nothing yet; what the first leaf proved; or, where nobody could prove anything, what units lock.</summary>
    private static IEnumerable<BigInteger> Covers(FoldedHistory history, ChainEvidence chain)
    {
        yield return BigInteger.Zero;
        if (history.Accepted(chain).LastOrDefault() is not { } last) yield break;
        var books = history.BooksAfter(last);
        yield return EscapeValues.Of(books).Cover.Wei;
        yield return books.ReserveLocked.Wei;
    }

    private static Check Equal(string name, Nmr inBooks, BigInteger onChain, string formula) =>
        new(name, inBooks.Wei == onChain, $"books {inBooks} NMR, chain {new Nmr(onChain)} ({formula})");

    private static BigInteger Sum(IEnumerable<Nmr> amounts) => amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount.Wei);
}
