using System.Numerics;
using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.Chain;

/// <summary>What a round's positions get, and the tree that proves it. The same positions give the same tree.</summary>
internal sealed record RoundResults(int Round, byte[] MerkleRoot, IReadOnlyList<RoundClaim> Claims)
{
    public BigInteger PayoutsWei => Claims.Aggregate(BigInteger.Zero, (sum, c) => sum + c.Payout.PayoutWei);

    /// <summary>A round without positions has the root keccak256(""), which nothing proves against: zero would mean "not resolved".</summary>
    public static RoundResults Of(int round, IReadOnlyList<StakePosition> positions, Func<StakePosition, ExactDecimal> returnOf, Func<byte[], byte[]> hash)
    {
        if (positions.Count == 0)
        {
            return new RoundResults(round, hash([]), []);
        }
        var payouts = positions.Select(p => Payout.Of(p.AmountWei, returnOf(p))).ToList();
        var leaves = positions.Zip(payouts, (p, payout) => Leaf(p, payout, hash)).ToList();
        var tree = new MerkleTree(leaves, hash);
        return new RoundResults(round, tree.Root, positions.Select((p, i) => new RoundClaim(p, payouts[i], tree.Root, tree.Proof(leaves[i]))).ToList());
    }

    /// <summary>keccak256(bytes.concat(keccak256(abi.encode(roundId, modelId, staker, payoutWei, burnWei)))).</summary>
    private static byte[] Leaf(StakePosition position, Payout payout, Func<byte[], byte[]> hash) => hash(hash(
    [
        .. ChainIds.Uint256(position.Round), .. position.ModelId, .. ChainIds.AddressWord(position.Staker), .. ChainIds.Uint256(payout.PayoutWei), .. ChainIds.Uint256(payout.BurnWei),
    ]));
}
