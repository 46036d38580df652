using System.Numerics;

namespace Nethereum.Hex.HexConvertors.Extensions;

public static class HexByteConvertorExtensions
{
    public static string ToHex(this byte[] value, bool prefix = false) => (prefix ? "0x" : "") + Convert.ToHexStringLower(value);

    public static bool HasHexPrefix(this string value) => value.StartsWith("0x", StringComparison.Ordinal);

    public static bool IsHex(this string value) => value is not null && value.RemoveHexPrefix().All(char.IsAsciiHexDigit);

    public static string RemoveHexPrefix(this string value) => value is null ? null : value.HasHexPrefix() ? value[2..] : value;

    public static bool IsTheSameHex(this string first, string second) =>
        string.Equals(first.EnsureHexPrefix(), second.EnsureHexPrefix(), StringComparison.OrdinalIgnoreCase);

    public static string EnsureHexPrefix(this string value) => value is null || value.HasHexPrefix() ? value : "0x" + value;

    /// <summary>The bytes of hex text, with or without 0x; an odd number of digits gets a leading zero; no text is no bytes.</summary>
    /// <exception cref="FormatException">The text isn't hex.</exception>
    public static byte[] HexToByteArray(this string value)
    {
        var digits = value.RemoveHexPrefix();
        if (string.IsNullOrEmpty(digits)) return [];
        if (digits.Length % 2 != 0) digits = "0" + digits;
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"String '{value}' could not be converted to byte array (not hex?).", wrong);
        }
    }
}

public static class HexBigIntegerConvertorExtensions
{
    public static string ToHex(this BigInteger value, bool littleEndian, bool compact = true)
    {
        if (value.Sign < 0) throw new ArgumentOutOfRangeException(nameof(value), "Hex Encoding of Negative BigInteger value is not supported");
        if (value.IsZero) return "0x0";
        var digits = value.ToByteArray(isUnsigned: true, isBigEndian: !littleEndian).ToHex();
        return "0x" + (compact ? digits.TrimStart('0') : digits);
    }

    public static BigInteger HexToBigInteger(this string hex, bool isHexLittleEndian) =>
        new(hex.HexToByteArray(), isUnsigned: !isHexLittleEndian, isBigEndian: !isHexLittleEndian);
}
