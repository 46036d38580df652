using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>What is wrong on purpose, so that the test is seen to find it. Nothing, by default.</summary>
internal sealed record Disturbance
{
    public static readonly Disturbance None = new();

    /// <summary>How the books take an event.</summary>
    public Func<Books, VaultEvent, Applied> Apply { get; init; } = (books, vaultEvent) => books.Apply(vaultEvent);

    /// <summary>The terms as the books know them; the chain knows the offered ones.</summary>
    public Func<Terms, Terms> Terms { get; init; } = terms => terms;

    /// <summary>What is proposed and accepted for a settlement.</summary>
    public Func<ProposeFunction, ProposeFunction> Words { get; init; } = words => words;
}
