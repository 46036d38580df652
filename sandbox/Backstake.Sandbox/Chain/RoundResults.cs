using System.Numerics;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.Chain;

/// <summary>What a round's positions get, and the tree that proves it. The same positions give the same tree.</summary>
internal sealed record RoundResults(int Round, byte[] MerkleRoot, IReadOnlyList<RoundClaim> Claims)
{
    /// <summary>The root of a round without positions: nothing proves against it, and zero would mean "not resolved".</summary>
    private static readonly byte[] NothingStaked = ClaimProof.Node(new byte[32], new byte[32]);

    public BigInteger PayoutsWei => Claims.Aggregate(BigInteger.Zero, (sum, c) => sum + c.Payout.PayoutWei);

    public static RoundResults Of(int round, IReadOnlyList<StakePosition> positions, Func<StakePosition, ExactDecimal> returnOf)
    {
        if (positions.Count == 0)
        {
            return new RoundResults(round, NothingStaked, []);
        }
        var payouts = positions.Select(p => Payout.Of(p.AmountWei, returnOf(p))).ToList();
        var leaves = positions.Zip(payouts, (p, payout) => ClaimProof.Leaf(p.Round, p.ModelId, p.Staker, payout.PayoutWei, payout.BurnWei)).ToList();
        var tree = new MerkleTree(leaves);
        return new RoundResults(round, tree.Root, positions.Select((p, i) => new RoundClaim(p, payouts[i], tree.Root, tree.Proof(leaves[i]))).ToList());
    }
}
