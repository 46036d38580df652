using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Org.BouncyCastle.Crypto.Digests;

namespace Nethereum.Util;

/// <summary>Keccak-256 as Ethereum uses it (the padding before SHA-3 was a standard).</summary>
public class Sha3Keccack
{
    public static Sha3Keccack Current { get; } = new();

    /// <summary>The hash of the text's UTF-8, as hex without 0x.</summary>
    public string CalculateHash(string value) => CalculateHash(Encoding.UTF8.GetBytes(value)).ToHex();

    public byte[] CalculateHash(byte[] value)
    {
        var digest = new KeccakDigest(256);
        var output = new byte[32];
        digest.BlockUpdate(value, 0, value.Length);
        digest.DoFinal(output, 0);
        return output;
    }
}
