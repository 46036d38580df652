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
    /// <param name="function">The declaration: arguments of one word each, <c>bytes</c>, and tuples of words (<c>(uint96 size, uint8 kind) terms</c>), whose fields are told one by one.</param>
    /// <param name="call">The message.</param>
    /// <param name="gas">What it takes.</param>
    /// <exception cref="ArgumentException">The declaration isn't the message's.</exception>
    public static PreparedCall Of<TFunction>(string purpose, string to, string function, TFunction call, long? gas = null)
        where TFunction : FunctionMessage, new()
    {
        var (data, open) = (call.GetCallData(), function.IndexOf('(', StringComparison.Ordinal));
        var declared = Parts(function[(open + 1)..^1]).ToArray();
        var selector = Sha3Keccack.Current.CalculateHash($"{function[..open]}({string.Join(',', declared.Select(TypeOf))})")[..8];
        (string Type, string Name)[] words = [.. declared.SelectMany(argument => WordsOf(argument))];
        var values = data.AsSpan(4);
        if (!data.AsSpan(0, 4).SequenceEqual(Convert.FromHexString(selector)) || values.Length < WordBytes * words.Length)
            throw new ArgumentException($"{typeof(TFunction).Name} isn't {function}.", nameof(function));
        var (arguments, end) = (new List<PreparedArgument>(), WordBytes * words.Length);
        foreach (var (type, name) in words)
        {
            var word = values.Slice(WordBytes * arguments.Count, WordBytes);
            if (type != "bytes")
            {
                arguments.Add(new(name, type, Word(type, word)));
                continue;
            }

            var bytes = Bytes(values, Number(word));
            end += WordBytes * (1 + ((bytes.Length + WordBytes - 1) / WordBytes));
            arguments.Add(new(name, type, "0x" + Convert.ToHexStringLower(bytes)));
        }

        if (values.Length != end) throw new ArgumentException($"{typeof(TFunction).Name} isn't {function}.", nameof(function));
        return new(purpose, to.ConvertToEthereumChecksumAddress(), function, arguments, data.ToHex(prefix: true), Sha3Keccack.Current.CalculateHash(data).ToHex(prefix: true), gas);
    }

    /// <summary>Arguments as they are declared, one by one.</summary>
    private static IEnumerable<string> Parts(string declared)
    {
        var (depth, start) = (0, 0);
        for (var at = 0; at < declared.Length; at++)
        {
            if (declared[at] == '(') depth++;
            if (declared[at] == ')') depth--;
            if (declared[at] != ',' || depth > 0) continue;
            yield return declared[start..at].Trim();
            start = at + 1;
        }

        if (declared.Length > 0) yield return declared[start..].Trim();
    }

    private static string TypeOf(string argument) =>
        argument[0] == '(' ? $"({string.Join(',', Parts(argument[1..argument.LastIndexOf(')')]).Select(TypeOf))})" : argument[..argument.IndexOf(' ', StringComparison.Ordinal)];

    private static IEnumerable<(string Type, string Name)> WordsOf(string argument, string tuple = "")
    {
        var (close, blank) = (argument.LastIndexOf(')'), argument.LastIndexOf(' '));
        return argument[0] == '('
            ? Parts(argument[1..close]).SelectMany(field => WordsOf(field, $"{argument[(close + 2)..]}."))
            : [(argument[..blank], tuple + argument[(blank + 1)..])];
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> values, BigInteger start)
    {
        var length = Number(values.Slice((int)start, WordBytes));
        return values.Slice((int)start + WordBytes, (int)length);
    }

    private static BigInteger Number(ReadOnlySpan<byte> word) => new(word, isUnsigned: true, isBigEndian: true);

    private static string Word(string type, ReadOnlySpan<byte> word) => type switch
    {
        "address" => ("0x" + Convert.ToHexStringLower(word[12..])).ConvertToEthereumChecksumAddress(),
        "bytes32" => "0x" + Convert.ToHexStringLower(word),
        "bool" => word[^1] == 1 ? "true" : "false",
        ['i', 'n', 't', ..] => new BigInteger(word, isUnsigned: false, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
        _ => Number(word).ToString(CultureInfo.InvariantCulture),
    };
}
