using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>The owner took, or can take, of house and reserve what accepted settlements released, and no more.</summary>
internal static class OwnerGotWhatTheBooksReleased
{
    private const string Name = "The owner got what the books released, or can take it";

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var accepted = history.Accepted(chain).Select(settled => settled.Settlement).ToList();
        var house = Sum(accepted.Select(settled => settled.HousePaid.Wei));
        var reserve = Sum(accepted.Select(settled => settled.ReservePaid.Wei));
        var wayOut = WayOut.Of(history, chain);
        var houseTaken = Sum(chain.Log.Select(entry => entry.Event).OfType<HouseTakenEvent>().Select(taken => taken.Amount));
        var reserveTaken = Sum(chain.Log.Select(entry => entry.Event).OfType<ReserveTakenEvent>().Select(taken => taken.Amount));
        return new Check(
            Name, house + wayOut.HouseMoved == houseTaken + chain.State.HouseDue && (reserve == reserveTaken + chain.State.ReserveDue || IsTheOwners(chain.State)),
            $"house: books {new Nmr(house)} NMR{(wayOut.HouseMoved.IsZero ? "" : $" and {new Nmr(wayOut.HouseMoved)} that waited")}, chain {new Nmr(houseTaken)} taken and {new Nmr(chain.State.HouseDue)} due; " +
            $"reserve: books {new Nmr(reserve)}, chain {new Nmr(reserveTaken)} taken and {new Nmr(chain.State.ReserveDue)} due");
    }

    /// <summary>Once the way out has taken its cover, all that is left of the reserve is the owner's; how much that is, is the reserve's own check.</summary>
    private static bool IsTheOwners(ChainState state) => state.BooksClosed && state.Reserve == state.ReserveDue;

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, BigInteger.Add);
}
