using System.Numerics;
using Nethereum.Hex.HexConvertors;
using Nethereum.Hex.HexConvertors.Extensions;
using Newtonsoft.Json;

namespace Nethereum.Hex.HexTypes;

[JsonConverter(typeof(HexBigIntegerJsonConverter))]
public class HexBigInteger : HexRPCType<BigInteger>
{
    public HexBigInteger(string hex) : base(new HexBigIntegerBigEndianConvertor(), hex)
    {
    }

    public HexBigInteger(BigInteger value) : base(value, new HexBigIntegerBigEndianConvertor())
    {
    }

    public override string ToString() => Value.ToString();
}

/// <summary>JSON of a quantity: hex text both ways; a bare number is taken when reading.</summary>
internal sealed class HexBigIntegerJsonConverter : JsonConverter<HexBigInteger>
{
    public override void WriteJson(JsonWriter writer, HexBigInteger value, JsonSerializer serializer) => writer.WriteValue(value?.HexValue);

    public override HexBigInteger ReadJson(JsonReader reader, Type objectType, HexBigInteger existingValue, bool hasExistingValue, JsonSerializer serializer) =>
        reader.Value switch
        {
            null => null,
            string hex => new HexBigInteger(hex),
            var number => new HexBigInteger(BigInteger.Parse(number.ToString())),
        };
}

internal sealed class HexBigIntegerBigEndianConvertor : IHexConvertor<BigInteger>
{
    public string ConvertToHex(BigInteger value) => value.ToHex(littleEndian: false);

    public BigInteger ConvertFromHex(string value) => value.HexToBigInteger(isHexLittleEndian: false);
}

public static class HexBigIntegerNumberExtensions
{
    public static HexBigInteger ToHexBigInteger(this ulong val) => new(val);

    public static HexBigInteger ToHexBigInteger(this int val) => new(val);

    public static HexBigInteger ToHexBigInteger(this BigInteger val) => new(val);

    public static ulong ToUlong(this HexBigInteger val) => (ulong)val.Value;
}
