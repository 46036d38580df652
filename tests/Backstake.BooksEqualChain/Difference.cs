namespace Backstake.BooksEqualChain;

/// <summary>Books and contract parted. The message says where and how.</summary>
internal sealed class Difference(string message) : Exception(message)
{
    public static void Unless(bool same, string what)
    {
        if (!same) throw new Difference(what);
    }

    public static void UnlessEqual<T>(T books, T chain, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(books, chain)) throw new Difference($"{what}: the books say {books}, the chain says {chain}");
    }
}
