using System.Globalization;
using System.Numerics;

namespace Backstake.Sandbox.Chain;

/// <summary>How ids and numbers look on chain. Assumption: a UUID is its 16 bytes, as printed, after 16 zero bytes.</summary>
public static class ChainIds
{
    public static byte[] ToBytes32(Guid id) => [.. new byte[16], .. id.ToByteArray(bigEndian: true)];

    /// <summary>0x and lower-case hex digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static bool IsAddress(string text) => text.Length == 42 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.AsSpan(2).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    public static byte[] Uint256(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    public static byte[] AddressWord(string address) => [.. new byte[12], .. Convert.FromHexString(address.AsSpan(2))];

    public static string Digits(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);
}
