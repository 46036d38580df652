using System.Numerics;

namespace Nethereum.RLP;

/// <summary>Recursive length prefixes, as far as transactions need them.</summary>
#pragma warning disable MA0049 // the package names its class like its namespace
public class RLP
#pragma warning restore MA0049
{
    public static byte[] EncodeElement(byte[] srcData) => srcData is [< 0x80] ? srcData : [.. Prefix(0x80, srcData?.Length ?? 0), .. srcData ?? []];

    /// <param name="items">Encoded already.</param>
    public static byte[] EncodeList(params byte[][] items)
    {
        var content = items.SelectMany(item => item).ToArray();
        return [.. Prefix(0xC0, content.Length), .. content];
    }

    private static byte[] Prefix(int kind, int length)
    {
        if (length < 56) return [(byte)(kind + length)];
        var size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(kind + 55 + size.Length), .. size];
    }
}
