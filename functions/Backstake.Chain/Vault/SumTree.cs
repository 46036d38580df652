using System.Collections.Immutable;
using System.Numerics;
using Nethereum.ABI;
using Nethereum.Util;

namespace Backstake.Chain.Vault;

/// <summary>
/// A Merkle sum tree, as contracts/src/SumTree.sol proves it: a node is keccak256(abi.encode(left, sum below it, right, sum below it)), so that no total can be understated without leaves that
/// can't be proved. Leaves are padded to a power of two by zeros.
/// </summary>
public sealed class SumTree
{
    private readonly ImmutableArray<ImmutableArray<SumNode>> levels;

    /// <exception cref="ArgumentException">There is no leaf.</exception>
    public SumTree(IReadOnlyList<SumNode> leaves)
    {
        if (leaves.Count == 0) throw new ArgumentException("A tree has at least one leaf.", nameof(leaves));
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)leaves.Count);
        var built = ImmutableArray.CreateBuilder<ImmutableArray<SumNode>>();
        built.Add([.. leaves, .. Enumerable.Repeat(SumNode.Padding, size - leaves.Count)]);
        while (built[^1].Length > 1) built.Add([.. built[^1].Chunk(2).Select(pair => SumNode.Over(pair[0], pair[1]))]);
        levels = built.ToImmutable();
    }

    public SumNode Root => levels[^1][0];

    /// <summary>The siblings of a leaf and of the nodes above it, upwards.</summary>
    public IReadOnlyList<SumNode> Way(int leaf) => [.. levels.Take(levels.Length - 1).Select((level, height) => level[(leaf >> height) ^ 1])];
}

/// <summary>A node: its hash, 32 bytes, and the sum of all leaves below it, wei.</summary>
public sealed record SumNode(byte[] Hash, BigInteger Sum)
{
    public static readonly SumNode Padding = new(new byte[32], BigInteger.Zero);

    public static SumNode Over(SumNode left, SumNode right) => new(
        new ABIEncode().GetSha3ABIEncoded(new ABIValue("bytes32", left.Hash), new ABIValue("uint256", left.Sum), new ABIValue("bytes32", right.Hash), new ABIValue("uint256", right.Sum)),
        left.Sum + right.Sum);

    /// <summary>55 bytes, packed: series, exitWeek, units, value; a node has 128, so neither passes for the other.</summary>
    public static SumNode Of(BooksLeaf leaf) => new(
        Sha3Keccack.Current.CalculateHash([.. Number(leaf.Series, 32), .. Number(leaf.ExitWeek, 4), .. Number(leaf.Units, 8), .. Number(leaf.Value, 11)]),
        leaf.Units * leaf.Value);

    // Big-endian; a number that needs more bytes throws.
    private static byte[] Number(BigInteger number, int size)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[size - bytes.Length], .. bytes];
    }
}
