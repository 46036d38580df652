using System.Numerics;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Util;

namespace Backstake.Chain.Numerai;

/// <summary>
/// What a round paid one position, and the Merkle path that proves it. Assumption: the tree is OpenZeppelin's standard one; Numerai has not published its leaf.
/// </summary>
public sealed class ClaimProof
{
    [Parameter("uint256", "payoutWei", 1)]
    public BigInteger PayoutWei { get; set; }

    [Parameter("uint256", "burnWei", 2)]
    public BigInteger BurnWei { get; set; }

    [Parameter("bytes32[]", "proof", 3)]
    public List<byte[]> Proof { get; set; } = [];

    /// <summary>What <c>Vault.collect</c> takes as <c>proof</c>: abi.encode(uint256 payoutWei, uint256 burnWei, bytes32[] proof).</summary>
    public byte[] Encode() => new ABIEncode().GetABIParamsEncoded(this);

    /// <summary>The leaf: keccak256(keccak256(abi.encode(roundId, modelId, staker, payoutWei, burnWei))).</summary>
    public static byte[] Leaf(BigInteger roundId, byte[] modelId, string staker, BigInteger payoutWei, BigInteger burnWei)
    {
        var content = new ABIEncode().GetABIEncoded(
            new ABIValue("uint256", roundId), new ABIValue("bytes32", modelId), new ABIValue("address", staker), new ABIValue("uint256", payoutWei), new ABIValue("uint256", burnWei));
        return Sha3Keccack.Current.CalculateHash(Sha3Keccack.Current.CalculateHash(content));
    }

    /// <summary>A node over two: the smaller hash first.</summary>
    public static byte[] Node(byte[] one, byte[] other) =>
        Sha3Keccack.Current.CalculateHash(one.AsSpan().SequenceCompareTo(other) <= 0 ? [.. one, .. other] : [.. other, .. one]);
}
