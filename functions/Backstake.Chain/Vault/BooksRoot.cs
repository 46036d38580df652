using System.Collections.Immutable;
using System.Numerics;
using Backstake.Accounting;
using Nethereum.ABI;

namespace Backstake.Chain.Vault;

/// <summary>
/// What a settlement's <c>Week.books</c> says to the chain: keccak256(abi.encode(tree, total, cover, digest)) over what everybody would get if it were the last one, with the digest of the stored
/// books bound into it (contracts/src/SumTree.sol). The house is leaf 0; then the classes by series and exit week.
/// </summary>
public sealed class BooksRoot
{
    private readonly SumTree tree;
    private readonly BigInteger cover;
    private readonly byte[] digest;

    /// <param name="digest">SHA-256 of the stored books.</param>
    public BooksRoot(EscapeValues values, byte[] digest)
        : this([HouseLeaf(values), .. ClassLeaves(values)], values.Cover.Wei, digest)
    {
    }

    public BooksRoot(ImmutableArray<BooksLeaf> leaves, BigInteger cover, byte[] digest)
    {
        (Leaves, this.cover, this.digest) = (leaves, cover, digest);
        tree = new SumTree([.. leaves.Select(SumNode.Of)]);
    }

    public ImmutableArray<BooksLeaf> Leaves { get; }

    /// <summary>32 bytes.</summary>
    public byte[] Hash => new ABIEncode().GetSha3ABIEncoded(
        new ABIValue("bytes32", tree.Root.Hash), new ABIValue("uint256", tree.Root.Sum), new ABIValue("uint256", cover), new ABIValue("bytes32", digest));

    /// <summary>Of the books after a settlement.</summary>
    public static BooksRoot Of(Books books) => new(EscapeValues.Of(books), books.Digest());

    /// <summary>The way from a leaf to the root.</summary>
    public BooksProof Proof(BooksLeaf leaf)
    {
        var index = Leaves.IndexOf(leaf);
        ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(leaf));
        var way = tree.Way(index);
        return new BooksProof { Index = index, Siblings = [.. way.Select(node => node.Hash)], Sums = [.. way.Select(node => node.Sum)], Cover = cover, Digest = digest };
    }

    private static BooksLeaf HouseLeaf(EscapeValues values) => new() { Units = 1, Value = values.House.Wei };

    private static IEnumerable<BooksLeaf> ClassLeaves(EscapeValues values) => values.Classes
        .Select(one => new BooksLeaf
        {
            Series = SeriesId.Of(one.Series.Terms.Text, one.Series.Payout == Payout.Pay, (uint)one.Series.EntryWeek.Number).ToNumber(),
            ExitWeek = (uint)(one.ExitWeek?.Number ?? 0),
            Units = (ulong)one.Units.Count,
            Value = one.Value.Wei,
        })
        .OrderBy(leaf => leaf.Series)
        .ThenBy(leaf => leaf.ExitWeek);
}
