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
        var houseTaken = Sum(chain.Log.Select(entry => entry.Event).OfType<HouseTakenEvent>().Select(taken => taken.Amount));
        var reserveTaken = Sum(chain.Log.Select(entry => entry.Event).OfType<ReserveTakenEvent>().Select(taken => taken.Amount));
        return new Check(
            Name, house == houseTaken + chain.Money.HouseDue && reserve == reserveTaken + chain.Money.ReserveDue,
            $"house: books {new Nmr(house)} NMR, chain {new Nmr(houseTaken)} taken and {new Nmr(chain.Money.HouseDue)} due; " +
            $"reserve: books {new Nmr(reserve)}, chain {new Nmr(reserveTaken)} taken and {new Nmr(chain.Money.ReserveDue)} due");
    }

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, BigInteger.Add);
}
