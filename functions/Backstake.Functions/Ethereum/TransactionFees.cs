using System.Numerics;

namespace Backstake.Functions.Ethereum;

/// <summary>What is offered for a unit of gas (EIP-1559), in wei, and how it is raised. Never above the cap: what can't be had for it isn't done.</summary>
/// <param name="Max">Base fee and tip together, at most.</param>
public readonly record struct TransactionFees(BigInteger Max, BigInteger Tip)
{
    /// <summary>Nodes take a replacement only if both fees rise by an eighth (geth by a tenth, others by more).</summary>
    static BigInteger Raised(BigInteger fee) => (fee * 9 + 7) / 8;

    /// <summary>The first offer: room for the base fee to double.</summary>
    /// <returns>Null if the next block's base fee is above the cap.</returns>
    public static TransactionFees? First(BigInteger baseFee, BigInteger tip, BigInteger cap)
    {
        if (Needed(baseFee) > cap)
            return null;
        var max = BigInteger.Min(cap, 2 * baseFee + tip);
        return new(max, BigInteger.Min(max, tip));
    }

    /// <summary>The next block's base fee is at most an eighth above this one's.</summary>
    public static BigInteger Needed(BigInteger baseFee) => Raised(baseFee);

    /// <summary>Whether the next block could take a transaction with this offer.</summary>
    public bool Suffices(BigInteger baseFee) => Max >= Needed(baseFee);

    /// <summary>The offer of a replacement: both fees at least an eighth higher, and enough for the base fee to double.</summary>
    /// <returns>Null if the cap forbids it, or forbids an offer that the next block could take.</returns>
    public TransactionFees? Replacement(BigInteger baseFee, BigInteger tip, BigInteger cap)
    {
        var higherTip = BigInteger.Max(Raised(Tip), tip);
        var wanted = BigInteger.Max(Raised(Max), 2 * baseFee + higherTip);
        var max = BigInteger.Min(cap, wanted);
        return max >= Raised(Max) && max >= Needed(baseFee) && higherTip <= max ? new(max, higherTip) : null;
    }
}
