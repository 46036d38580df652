using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;

namespace Backstake.Functions.Tests.Offers;

/// <summary>Rows of the fault table's group G (Rows.md): terms that were changed after signing, and terms at their limits.</summary>
[Collection(StorageGround.Collection)]
public sealed class TermsRows(StorageGround ground)
{
    const string Vault = "0x00000000000000000000000000000000000000a1";
    static readonly Terms Content = History.Terms with { HouseMinBps = new BasisPoints(100) };

    /// <summary>The digest is over the struct, never over the text: whatever is done to the bytes, either nothing is read, or the same terms, or terms that nobody signed.</summary>
    [Fact]
    public void G_05_BytesThatAreChanged_AreRefused_OrMeanTheSame()
    {
        const int Mutations = 100_000;
        var original = Signed();
        var text = Bytes(original);
        var random = new Random(712);
        var (malformed, same, others) = (0, 0, new HashSet<SignedOffer>());
        for (var mutation = 0; mutation < Mutations; mutation++)
        {
            var read = SignedOffer.Read(Mutated(text, random));
            if (read.IsMalformed(out _))
                malformed++;
            else if (Equals(read.Value, original))
                same++;
            else
                others.Add(read.Value);
        }

        Assert.True(malformed > Mutations / 2 && same > 0 && others.Count > 1_000, $"{malformed} malformed, {same} the same, {others.Count} others");
        // A text that means something else is for another vault or chain, has another digest, or another signature: nobody signed it.
        Assert.DoesNotContain(others, IsTaken);
        Assert.True(IsTaken(original));
    }

    [Theory]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":1e0")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":1.0")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":\"1\"")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":1,\"lockupWeeks\":1")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":1,\"LockupWeeks\":1")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":1,\"__proto__\":{}")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":01")]
    [InlineData("\"lockupWeeks\":1", "\"lockupWeeks\":+1")]
    [InlineData("\"unitSize\":\"100\"", "\"unitSize\":\"1e2\"")]
    [InlineData("\"unitSize\":\"100\"", "\"unitSize\":\"0100\"")]
    [InlineData("\"unitSize\":\"100\"", "\"unitSize\":100")]
    [InlineData("\"unitSize\":\"100\"", "\"unitSize\":\" 100\"")]
    [InlineData("{\"vault\"", "\uFEFF{\"vault\"")]
    [InlineData("{\"vault\"", "[{\"vault\"")]
    public void G_05_OtherSpellings_AreRefused(string old, string @new)
    {
        var text = Encoding.UTF8.GetString(Bytes(Signed() with { Terms = Content with { UnitSize = Nmr.FromNmr(100), LockupWeeks = 1 } }));
        Assert.Contains(old, text, StringComparison.Ordinal);
        Assert.True(SignedOffer.Read(Encoding.UTF8.GetBytes(text.Replace(old, @new, StringComparison.Ordinal))).IsMalformed(out _));
    }

    /// <summary>Two texts with one meaning have one digest, whatever their order and blanks.</summary>
    [Fact]
    public void G_05_TextsWithOneMeaning_HaveOneDigest()
    {
        var original = Signed();
        var fields = JsonNode.Parse(Bytes(original))!.AsObject();
        var turned = new JsonObject(fields.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        turned["terms"] = new JsonObject(turned["terms"]!.AsObject().Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        var read = SignedOffer.Read(Encoding.UTF8.GetBytes(turned.ToJsonString(new() { WriteIndented = true }))).Value;
        Assert.Equal(original, read);
        Assert.True(IsTaken(read));
    }

    /// <summary>Every field at its limits and one beyond: the reader of documents and the contract agree.</summary>
    [SkippableFact]
    public async Task G_06_TermsAtTheirLimits_AreJudgedTheSame_HereAndOnChain()
    {
        await using var world = await OffersWorld.Start(ground);
        var milli = BigInteger.Pow(10, 15);
        var million = BigInteger.Pow(10, 24);
        (string Field, BigInteger[] Taken, BigInteger[] Refused)[] table =
        [
            ("unitSize", [milli, milli + 1, BigInteger.Pow(10, 18), million - 1, million], [0, 1, milli - 1, million + 1, (BigInteger.One << 80) - 1, BigInteger.One << 80, (BigInteger.One << 96) - 1]),
            ("profitShareBps", [0, 1, 9_999, 10_000], [10_001, ushort.MaxValue]),
            ("lossShareBps", [0, 1, 9_999, 10_000], [10_001, ushort.MaxValue]),
            ("reserveBps", [0, 1, 9_999, 10_000], [10_001, ushort.MaxValue]),
            ("crystallisation", [0, 1, 2], [3, 255]),
            ("clawBackWeeks", [0, 1, 104], [105, ushort.MaxValue]),
            ("compoundingWeeks", [1, 2, 520], [0, 521, ushort.MaxValue]),
            ("lockupWeeks", [0, 1, 520], [521, ushort.MaxValue]),
            ("upfrontFeeBps", [0, 1, 1_000], [1_001, 10_000, ushort.MaxValue]),
            ("houseMinBps", [0, 1, 10_000], [10_001, ushort.MaxValue]),
        ];
        foreach (var (field, taken, refused) in table)
        {
            foreach (var value in taken.Concat(refused))
            {
                var terms = ChainTerms.Of(Content);
                Set(terms, field, value);
                var signature = Convert.FromHexString(SignedTerms.Sign(terms, world.Vault, VaultOnChain.ChainId, OffersWorld.Owner)[2..]);
                var (chain, here) = (await world.OnChain(terms, signature), SignedOffer.ReadTerms(Document(field, value)).IsMalformed(out _));
                Assert.Equal((field, value, taken.Contains(value) ? null : "unknownTerms", !taken.Contains(value)), (field, value, chain, here));
            }
        }

        // What has no place on chain isn't read either.
        foreach (var beyond in new[] { "-1", "65536", "4294967296", "1.5" })
            Assert.All(table.Where(row => row.Field is not ("unitSize" or "crystallisation")), row => Assert.True(SignedOffer.ReadTerms(Document(row.Field, beyond)).IsMalformed(out _), $"{row.Field} {beyond}"));
        foreach (var beyond in new[] { (BigInteger.One << 256) - 1, BigInteger.One << 96, -1 })
            Assert.True(SignedOffer.ReadTerms(Document("unitSize", beyond)).IsMalformed(out _));
    }

    static void Set(VaultTerms terms, string field, BigInteger value)
    {
        var property = typeof(VaultTerms).GetProperty(char.ToUpperInvariant(field[0]) + field[1..])!;
        property.SetValue(terms, property.PropertyType == typeof(ushort) ? (object)(ushort)value : property.PropertyType == typeof(byte) ? (object)(byte)value : value);
    }

    static byte[] Document(string field, BigInteger value) => Document(field, field switch
    {
        "unitSize" => $"\"{InNmr(value)}\"",
        "crystallisation" => (int)value switch { 0 => "\"atEnd\"", 1 => "\"weekly\"", 2 => "\"weeklyHighWater\"", var other => $"{other}" },
        _ => $"{value}",
    });

    static string InNmr(BigInteger wei)
    {
        var (whole, rest) = BigInteger.DivRem(BigInteger.Abs(wei), BigInteger.Pow(10, 18));
        return (wei.Sign < 0 ? "-" : "") + whole + (rest.IsZero ? "" : "." + rest.ToString("D18", null).TrimEnd('0'));
    }

    static byte[] Document(string field, string value)
    {
        var document = JsonNode.Parse(Bytes(Signed()))!["terms"]!.AsObject();
        Assert.True(document.ContainsKey(field));
        document[field] = "PLACE";
        return Encoding.UTF8.GetBytes(document.ToJsonString().Replace("\"PLACE\"", value, StringComparison.Ordinal));
    }

    static bool IsTaken(SignedOffer offer) => offer.Vault == Vault && offer.ChainId == VaultOnChain.ChainId && PersonalSignature.Read(offer.Signature) is { } signature
        && PersonalSignature.IsOf(Anvil.Addresses[1], SignedTerms.Digest(ChainTerms.Of(offer.Terms), Vault, VaultOnChain.ChainId), signature);

    /// <summary>Of other letters in hex the same signature.</summary>
    static bool Equals(SignedOffer one, SignedOffer other) => one with { Signature = one.Signature.ToLowerInvariant() } == other;

    static SignedOffer Signed() => new(Vault, VaultOnChain.ChainId, Content, SignedTerms.Sign(ChainTerms.Of(Content), Vault, VaultOnChain.ChainId, OffersWorld.Owner).ToLowerInvariant());

    static byte[] Bytes(SignedOffer offer)
    {
        using var bytes = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            offer.Write(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>A bit, a byte, a digit or a letter of hex is another; or a piece is lost, doubled or moved.</summary>
    static byte[] Mutated(byte[] text, Random random)
    {
        var bytes = text.ToList();
        var at = random.Next(bytes.Count);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                var digits = Enumerable.Range(0, bytes.Count).Where(index => bytes[index] is >= (byte)'0' and <= (byte)'9').ToList();
                bytes[digits[random.Next(digits.Count)]] = (byte)('0' + random.Next(10));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 4), bytes.Count - at));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                break;
            default:
                bytes.Insert(at, " \t\n0123456789abcdef,:\"{}"u8[random.Next(24)]);
                break;
        }

        return [.. bytes];
    }
}
