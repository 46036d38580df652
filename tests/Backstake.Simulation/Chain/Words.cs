using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Backstake.Simulation.Chain;

/// <summary>Contract ABI by hand, as far as the vault needs it: words of 32 bytes.</summary>
public static class Words
{
    static readonly BigInteger Modulus = BigInteger.One << 256;

    public static byte[] Keccak(byte[] bytes) => Sha3Keccack.Current.CalculateHash(bytes);

    public static byte[] Of(BigInteger number)
    {
        var word = new byte[32];
        var bytes = (number.Sign < 0 ? number + Modulus : number).ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(word, 32 - bytes.Length);
        return word;
    }

    public static byte[] OfAddress(string address) => Of(BigInteger.Parse("0" + address[2..], NumberStyles.AllowHexSpecifier));

    public static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static string Hex(BigInteger number) => "0x" + (number.IsZero ? "0" : number.ToString("x").TrimStart('0'));

    public static byte[] Bytes(string hex) => hex.HexToByteArray();

    /// <summary>Of a call's data: its first four bytes, then word after word.</summary>
    public static byte[] WordAt(byte[] data, int index) => data.AsSpan(4 + (32 * index), 32).ToArray();

    public static BigInteger NumberAt(byte[] data, int index) => new(data.AsSpan(4 + (32 * index), 32), isUnsigned: true, isBigEndian: true);

    public static string AddressAt(byte[] data, int index) => "0x" + Convert.ToHexStringLower(data.AsSpan(4 + (32 * index) + 12, 20));

    /// <summary>The call's first four bytes, in hex.</summary>
    public static string SelectorOf<TFunction>(TFunction call)
        where TFunction : FunctionMessage => Convert.ToHexStringLower(call.GetCallData().AsSpan(0, 4));

    public static string Topic<TEvent>()
        where TEvent : class, Nethereum.ABI.FunctionEncoding.Attributes.IEventDTO, new() => "0x" + Event<TEvent>.GetEventABI().Sha3Signature;
}
