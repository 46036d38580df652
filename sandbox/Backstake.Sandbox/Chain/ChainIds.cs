using System.Globalization;
using System.Numerics;

namespace Backstake.Sandbox.Chain;

/// <summary>How the API writes what is on chain.</summary>
internal static class ChainIds
{
    /// <summary>0x and lower-case hex digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static bool IsAddress(string text) => text.Length == 42 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.AsSpan(2).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    public static string Digits(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);
}
