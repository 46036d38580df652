using System.Collections.Concurrent;
using Nethereum.Signer;

namespace Backstake.Simulation.Chain;

/// <summary>A signed EIP-1559 transaction, decoded: type 2, RLP of chain id, nonce, tip, fee, gas, to, value, data, access list and signature.</summary>
public sealed record RawTransaction(string Hash, string Sender, ulong Nonce, BigInteger MaxFee, BigInteger Tip, string To, byte[] Data)
{
    // Recovering a sender is by far the dearest thing here, and many runs send the very same bytes.
    static readonly ConcurrentDictionary<string, RawTransaction> Known = new(StringComparer.Ordinal);

    public static RawTransaction Of(byte[] raw, long chainId)
    {
        var hash = Words.Hex(Words.Keccak(raw));
        return Known.TryGetValue(hash, out var known) ? known : Known[hash] = Decode(hash, raw, chainId);
    }

    static RawTransaction Decode(string hash, byte[] raw, long chainId)
    {
        if (raw[0] != 2)
            throw new InvalidDataException("Only transactions of type 2 are sent by the app.");
        var at = 1;
        var (start, end) = Header(raw, ref at);
        List<byte[]> fields = [];
        List<int> places = [];
        for (at = start; at < end;)
        {
            places.Add(at);
            var (from, to) = Header(raw, ref at);
            fields.Add(raw[from..to]);
            at = to;
        }

        if (Number(fields[0]) != chainId)
            throw new InvalidDataException("The transaction is for another chain.");
        var signed = raw[start..places[9]];
        byte[] unsigned = [2, .. ListHeader(signed.Length), .. signed];
        var signature = EthECDSASignatureFactory.FromComponents(Padded(fields[10]), Padded(fields[11]), [(byte)Number(fields[9])]);
        var sender = EthECKey.RecoverFromSignature(signature, Words.Keccak(unsigned)).GetPublicAddress().ToLowerInvariant();
        return new RawTransaction(hash, sender, (ulong)Number(fields[1]), Number(fields[3]), Number(fields[2]), Words.Hex(fields[5]), fields[7]);
    }

    static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    static byte[] Padded(byte[] bytes) => [.. new byte[32 - bytes.Length], .. bytes];

    static byte[] ListHeader(int length)
    {
        if (length < 56)
            return [(byte)(0xc0 + length)];
        var size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(0xf7 + size.Length), .. size];
    }

    /// <summary>The item that begins at <paramref name="at"/>: where its content is.</summary>
    static (int From, int To) Header(byte[] raw, ref int at)
    {
        var first = raw[at];
        if (first < 0x80)
            return (at, at + 1);
        var (shorter, longer) = first < 0xc0 ? (0x80, 0xb7) : (0xc0, 0xf7);
        if (first <= longer)
            return (at + 1, at + 1 + first - shorter);
        var size = first - longer;
        var length = (int)Number(raw[(at + 1)..(at + 1 + size)]);
        return (at + 1 + size, at + 1 + size + length);
    }
}
