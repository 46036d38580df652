using System.Globalization;
using System.Numerics;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Backstake.Chain.Prepared;

/// <summary>An argument as it stands in the calldata. Integers are decimal, bytes and addresses 0x and hex digits (addresses with EIP-55's capitals).</summary>
public sealed record PreparedArgument(string Name, string Type, string Value);

/// <summary>A transaction for somebody's own wallet to send: what it calls, and what it says, read back out of the bytes that are to be signed. It sends no ether.</summary>
/// <param name="Purpose">What it does, in words.</param>
/// <param name="To">The contract, with EIP-55's capitals.</param>
/// <param name="Function">Its declaration, as in <c>exit(uint256 series, uint64 units)</c>: what a client can encode by itself and compare.</param>
/// <param name="Data">0x and the calldata.</param>
/// <param name="Digest">0x and keccak-256 of the calldata: to be compared with what a wallet shows.</param>
/// <param name="Gas">What it takes as measured or estimated; null: not known.</param>
public sealed record PreparedCall(string Purpose, string To, string Function, IReadOnlyList<PreparedArgument> Arguments, string Data, string Digest, long? Gas)
{
    private const int WordBytes = 32;

    /// <param name="purpose">What it does, in words.</param>
    /// <param name="to">The contract.</param>
    /// <param name="function">The declaration; arguments of one word each.</param>
    /// <param name="call">The message.</param>
    /// <param name="gas">What it takes.</param>
    /// <exception cref="ArgumentException">The declaration isn't the message's.</exception>
    public static PreparedCall Of<TFunction>(string purpose, string to, string function, TFunction call, long? gas = null)
        where TFunction : FunctionMessage, new()
    {
        var (data, open) = (call.GetCallData(), function.IndexOf('(', StringComparison.Ordinal));
        string[][] declared = [.. function[(open + 1)..^1].Split(", ").Select(argument => argument.Split(' '))];
        var selector = Sha3Keccack.Current.CalculateHash($"{function[..open]}({string.Join(',', declared.Select(argument => argument[0]))})")[..8];
        if (!data.AsSpan(0, 4).SequenceEqual(Convert.FromHexString(selector)) || data.Length != 4 + (WordBytes * declared.Length))
            throw new ArgumentException($"{typeof(TFunction).Name} isn't {function}.", nameof(function));
        return new(
            purpose, to.ConvertToEthereumChecksumAddress(), function, [.. declared.Select((argument, i) => new PreparedArgument(argument[1], argument[0], Word(argument[0], data.AsSpan(4 + (WordBytes * i), WordBytes))))],
            data.ToHex(prefix: true), Sha3Keccack.Current.CalculateHash(data).ToHex(prefix: true), gas);
    }

    private static string Word(string type, ReadOnlySpan<byte> word) => type switch
    {
        "address" => ("0x" + Convert.ToHexStringLower(word[12..])).ConvertToEthereumChecksumAddress(),
        "bytes32" => "0x" + Convert.ToHexStringLower(word),
        "bool" => word[^1] == 1 ? "true" : "false",
        _ => new BigInteger(word, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
    };
}
