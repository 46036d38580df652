namespace Backstake.BooksEqualChain;

/// <summary>Amounts as the chain has them.</summary>
internal static class Wei
{
    public static readonly BigInteger OneNmr = BigInteger.Pow(10, Nmr.Decimals);

    public static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, BigInteger.Add);
}
