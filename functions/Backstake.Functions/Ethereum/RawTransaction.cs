using System.Numerics;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RLP;
using Nethereum.Util;

namespace Backstake.Functions.Ethereum;

/// <summary>
/// What signed bytes say (EIP-1559): a replacement is the same call with the same nonce and other fees, so everything else is read from them. No value, no
/// access list: the app sends neither.
/// </summary>
/// <param name="MaxFee">The most that is paid for a unit of gas, wei; the tip is part of it.</param>
/// <param name="Tip">Wei.</param>
/// <param name="To">0x and 40 lower-case hex digits.</param>
public sealed record RawTransaction(BigInteger ChainId, BigInteger Nonce, BigInteger Tip, BigInteger MaxFee, BigInteger Gas, string To, byte[] Data)
{
    const byte Type1559 = 2;

    /// <summary>What is to be signed: 32 bytes.</summary>
    public byte[] SigningHash => Sha3Keccack.Current.CalculateHash([Type1559, .. RLP.EncodeList([.. Fields()])]);

    /// <summary>The bytes that a node takes.</summary>
    /// <param name="yParity">0 or 1.</param>
    public byte[] Signed(byte yParity, BigInteger r, BigInteger s) =>
        [Type1559, .. RLP.EncodeList([.. Fields(), Encoded(yParity), Encoded(r), Encoded(s)])];

    IEnumerable<byte[]> Fields() =>
    [
        Encoded(ChainId), Encoded(Nonce), Encoded(Tip), Encoded(MaxFee), Encoded(Gas), RLP.EncodeElement(To.HexToByteArray()), Encoded(BigInteger.Zero),
        RLP.EncodeElement(Data), RLP.EncodeList(),
    ];

    /// <summary>Big-endian without leading zeros; zero is no bytes.</summary>
    static byte[] Encoded(BigInteger number) => RLP.EncodeElement(number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <exception cref="InvalidDataException">The bytes are no EIP-1559 transaction.</exception>
    public static RawTransaction Read(byte[] raw)
    {
        if (raw is not [Type1559, ..])
            throw new InvalidDataException("The bytes are no EIP-1559 transaction.");
        var (fields, end) = Item(raw, 1);
        if (end != raw.Length)
            throw new InvalidDataException("Bytes follow the transaction.");
        var items = new List<byte[]>();
        for (var at = fields.Start.Value; at < fields.End.Value;)
        {
            var (content, next) = Item(raw, at);
            items.Add(raw[content]);
            at = next;
        }

        // chainId, nonce, tip, maxFee, gas, to, value, data, accessList, yParity, r, s
        return items.Count == 12
            ? new(Number(items[0]), Number(items[1]), Number(items[2]), Number(items[3]), Number(items[4]), items[5].ToHex(prefix: true), items[7])
            : throw new InvalidDataException($"The transaction has {items.Count} fields instead of 12.");
    }

    /// <summary>Where an RLP item's content lies, and where the next begins.</summary>
    static (Range Content, int Next) Item(byte[] raw, int at)
    {
        var first = raw[at];
        var (header, length) = first switch
        {
            < 0x80 => (0, 1),
            < 0xb8 => (1, first - 0x80),
            < 0xc0 => (1 + first - 0xb7, (int)Number(raw[(at + 1)..(at + 1 + first - 0xb7)])),
            < 0xf8 => (1, first - 0xc0),
            _ => (1 + first - 0xf7, (int)Number(raw[(at + 1)..(at + 1 + first - 0xf7)])),
        };
        var start = at + header;
        return start + length <= raw.Length ? (start..(start + length), start + length) : throw new InvalidDataException("The transaction ends too early.");
    }

    static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
