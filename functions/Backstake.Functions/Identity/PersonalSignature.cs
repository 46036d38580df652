using System.Globalization;
using System.Numerics;
using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Functions.Identity;

/// <summary>A wallet's signature of a text (EIP-191, <c>personal_sign</c>), by a key.</summary>
public static class PersonalSignature
{
    public const int BytesMost = 2048; // a contract wallet's: some thirty owners, or a passkey

    const int Length = 65;

    /// <summary>What is signed: keccak-256 of the prefixed text, 32 bytes.</summary>
    public static byte[] Hash(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var prefix = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{bytes.Length}"));
        return Sha3Keccack.Current.CalculateHash([.. prefix, .. bytes]);
    }

    /// <summary>0x and an even number of hex digits; null for any other text, and beyond <see cref="BytesMost"/>.</summary>
    public static byte[]? Read(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && text.Length is > 2 and <= 2 + 2 * BytesMost && text.Length % 2 == 0 && text.AsSpan(2).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0
            ? Convert.FromHexString(text.AsSpan(2))
            : null;

    /// <summary>
    /// Whether the address's key signed the hash. Only the one canonical form counts, as on chain: r, s, v with v 27 or 28 and the lower s (EIP-2); so one signing has one signature.
    /// </summary>
    public static bool IsOf(string address, byte[] hash, byte[] signature)
    {
        if (signature.Length != Length || signature[64] is not (27 or 28))
            return false;
        var (r, s) = (Number(signature.AsSpan(0, 32)), Number(signature.AsSpan(32, 32)));
        if (r.IsZero || r >= Order || s.IsZero || s > HalfOrder)
            return false;
        try
        {
            var key = EthECKey.RecoverFromSignature(EthECDSASignatureFactory.ExtractECDSASignature(signature.ToHex(prefix: true)), hash);
            return key?.GetPublicAddress() is { } signer && !signer.IsTheSameAddress(AddressUtil.ZERO_ADDRESS) && signer.IsTheSameAddress(address);
        }
        catch (Exception noPoint) when (noPoint is ArgumentException or FormatException or InvalidOperationException)
        {
            return false; // no key gives this signature
        }
    }

    static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    static readonly BigInteger HalfOrder = Order / 2;

    static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
