using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace Nethereum.Signer;

/// <summary>ECDSA on secp256k1: deterministic (RFC 6979 with SHA-256), low s (EIP-2), with the recovery id.</summary>
internal static class Secp256k1
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);
    private static readonly FixedPointCombMultiplier Comb = new();

    public static byte[] PublicKey(BigInteger secret, bool compressed) => Comb.Multiply(Curve.G, secret).Normalize().GetEncoded(compressed);

    public static BigInteger Secret(byte[] bytes)
    {
        var secret = new BigInteger(1, bytes);
        return secret.SignValue > 0 && secret.CompareTo(Curve.N) < 0
            ? secret
            : throw new ArgumentException("A private key is a number from 1 to the order of secp256k1, less 1.", nameof(bytes));
    }

    public static (BigInteger R, BigInteger S, int RecoveryId) Sign(BigInteger secret, byte[] hash)
    {
        var message = new BigInteger(1, hash);
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Curve.N, secret, hash);
        while (true)
        {
            var nonce = nonces.NextK();
            var point = Comb.Multiply(Curve.G, nonce).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var r = x.Mod(Curve.N);
            var s = nonce.ModInverse(Curve.N).Multiply(message.Add(secret.Multiply(r))).Mod(Curve.N);
            if (r.SignValue == 0 || s.SignValue == 0) continue;
            var odd = point.AffineYCoord.TestBitZero();
            if (s.CompareTo(HalfOrder) > 0)
            {
                s = Curve.N.Subtract(s);
                odd = !odd;
            }

            return (r, s, (odd ? 1 : 0) + (x.CompareTo(Curve.N) >= 0 ? 2 : 0));
        }
    }

    /// <summary>The uncompressed public key that signed (SEC 1, 4.1.6).</summary>
    /// <exception cref="ArgumentException">No key gives this signature.</exception>
    public static byte[] Recover(BigInteger r, BigInteger s, int recoveryId, byte[] hash)
    {
        if (r.SignValue <= 0 || s.SignValue <= 0 || r.CompareTo(Curve.N) >= 0 || s.CompareTo(Curve.N) >= 0 || recoveryId is < 0 or > 3)
            throw new ArgumentException("Not a signature: r and s are from 1 to the order of secp256k1, less 1; the recovery id from 0 to 3.", nameof(r));
        var x = recoveryId > 1 ? r.Add(Curve.N) : r;
        if (x.CompareTo(Curve.Curve.Field.Characteristic) >= 0) throw new ArgumentException("Not a signature: no point has this r.", nameof(r));
        var point = Curve.Curve.DecodePoint([(byte)(2 + (recoveryId & 1)), .. Padded(x)]);
        var inverse = r.ModInverse(Curve.N);
        var minusMessage = Curve.N.Subtract(new BigInteger(1, hash).Mod(Curve.N));
        var key = ECAlgorithms.SumOfTwoMultiplies(Curve.G, inverse.Multiply(minusMessage).Mod(Curve.N), point, inverse.Multiply(s).Mod(Curve.N)).Normalize();
        return key.IsInfinity ? throw new ArgumentException("Not a signature: it gives no key.", nameof(r)) : key.GetEncoded(compressed: false);
    }

    public static bool IsLow(BigInteger s) => s.CompareTo(HalfOrder) <= 0;

    public static byte[] Padded(BigInteger number)
    {
        var bytes = number.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
