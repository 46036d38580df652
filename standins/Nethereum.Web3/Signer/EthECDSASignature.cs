using Nethereum.Hex.HexConvertors.Extensions;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Nethereum.Signer;

public class EthECDSASignature
{
    internal EthECDSASignature(BigInteger r, BigInteger s, byte[] v)
    {
        RNumber = r;
        SNumber = s;
        V = v;
    }

    /// <summary>Without leading zero bytes.</summary>
    public byte[] R => RNumber.ToByteArrayUnsigned();

    /// <summary>Without leading zero bytes.</summary>
    public byte[] S => SNumber.ToByteArrayUnsigned();

    public byte[] V { get; set; }

    public bool IsLowS => Secp256k1.IsLow(SNumber);

    internal BigInteger RNumber { get; }

    internal BigInteger SNumber { get; }

    /// <summary>0x, r, s and v: 65 bytes.</summary>
    public static string CreateStringSignature(EthECDSASignature signature) =>
        "0x" + Secp256k1.Padded(signature.RNumber).ToHex() + Secp256k1.Padded(signature.SNumber).ToHex() + signature.V.ToHex();
}

public static class EthECDSASignatureFactory
{
    public static EthECDSASignature FromComponents(byte[] r, byte[] s, byte[] v) => new(new BigInteger(1, r), new BigInteger(1, s), v);

    /// <summary>Reads r, s and v, 65 bytes of hex; v may be 0, 1, 27 or 28.</summary>
    public static EthECDSASignature ExtractECDSASignature(string signature)
    {
        var bytes = signature.HexToByteArray();
        return FromComponents(bytes[..32], bytes[32..64], [bytes[64] is 0 or 1 ? (byte)(bytes[64] + 27) : bytes[64]]);
    }
}
