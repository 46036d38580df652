using System.Security.Cryptography;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Nethereum.Signer;

public class EthECKey
{
    private readonly BigInteger secret;
    private readonly byte[] publicKey;

    public EthECKey(string privateKey) : this(privateKey.HexToByteArray(), isPrivate: true)
    {
    }

    public EthECKey(byte[] vch, bool isPrivate)
    {
        secret = isPrivate ? Secp256k1.Secret(vch) : null;
        publicKey = isPrivate ? Secp256k1.PublicKey(secret, compressed: false) : vch;
    }

    public static EthECKey GenerateKey()
    {
        // As the package: a key whose bytes begin with zero isn't given. 0xFF is left out too: it may be above the curve's order.
        byte[] bytes;
        do bytes = RandomNumberGenerator.GetBytes(32);
        while (bytes[0] is 0 or 0xFF);
        return new EthECKey(bytes, isPrivate: true);
    }

    public byte[] GetPrivateKeyAsBytes() => secret.ToByteArrayUnsigned();

    public string GetPrivateKey() => GetPrivateKeyAsBytes().ToHex(prefix: true);

    public byte[] GetPubKey(bool compresseed = false) => compresseed ? Secp256k1.PublicKey(secret, compressed: true) : publicKey;

    public byte[] GetPubKeyNoPrefix(bool compressed = false) => GetPubKey(compressed)[1..];

    public string GetPublicAddress() =>
        AddressUtil.Current.ConvertToChecksumAddress(Sha3Keccack.Current.CalculateHash(publicKey[1..])[12..].ToHex());

    public static string GetPublicAddress(string privateKey) => new EthECKey(privateKey).GetPublicAddress();

    /// <summary>Signs a hash; v is 27 or 28.</summary>
    public EthECDSASignature SignAndCalculateV(byte[] hash)
    {
        var (r, s, recoveryId) = Secp256k1.Sign(secret, hash);
        return new EthECDSASignature(r, s, [(byte)(27 + recoveryId)]);
    }

    /// <summary>Signs a hash; v is 0 or 1, as typed transactions want it.</summary>
    public EthECDSASignature SignAndCalculateYParityV(byte[] hash)
    {
        var (r, s, recoveryId) = Secp256k1.Sign(secret, hash);
        return new EthECDSASignature(r, s, [(byte)recoveryId]);
    }

    public static EthECKey RecoverFromSignature(EthECDSASignature signature, byte[] hash) =>
        new(Secp256k1.Recover(signature.RNumber, signature.SNumber, signature.V[^1] is var v && v >= 27 ? v - 27 : v, hash), isPrivate: false);
}
