using Backstake.Chain.Numerai;

namespace Backstake.Sandbox.Chain;

/// <summary>
/// OpenZeppelin's standard tree: leaves sorted, put at the end of a complete binary tree, each node the hash of its two children in order of size. Proofs verify with MerkleProof.
/// </summary>
internal sealed class MerkleTree
{
    private readonly byte[][] nodes;
    private readonly List<byte[]> sorted;

    /// <param name="leaves">At least one; 32 bytes each.</param>
    public MerkleTree(IEnumerable<byte[]> leaves)
    {
        sorted = leaves.Order(ByBytes).ToList();
        if (sorted.Count == 0)
        {
            throw new ArgumentException("A tree has at least one leaf.", nameof(leaves));
        }
        nodes = new byte[(2 * sorted.Count) - 1][];
        for (var i = 0; i < sorted.Count; i++)
        {
            nodes[nodes.Length - 1 - i] = sorted[i];
        }
        for (var i = nodes.Length - 1 - sorted.Count; i >= 0; i--)
        {
            nodes[i] = ClaimProof.Node(nodes[(2 * i) + 1], nodes[(2 * i) + 2]);
        }
    }

    public byte[] Root => nodes[0];

    private static Comparer<byte[]> ByBytes { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <summary>The siblings from a leaf up; throws when there is no such leaf.</summary>
    public IReadOnlyList<byte[]> Proof(byte[] leaf)
    {
        var index = sorted.FindIndex(l => l.AsSpan().SequenceEqual(leaf));
        if (index < 0)
        {
            throw new ArgumentException("The tree has no such leaf.", nameof(leaf));
        }
        var proof = new List<byte[]>();
        for (var at = nodes.Length - 1 - index; at > 0; at = (at - 1) / 2)
        {
            proof.Add(nodes[at % 2 == 1 ? at + 1 : at - 1]);
        }
        return proof;
    }
}
