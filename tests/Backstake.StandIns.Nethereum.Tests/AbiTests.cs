using System.Numerics;
using System.Text;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>The examples of the Solidity ABI specification ("Examples", "Use of Dynamic Types"), to the byte.</summary>
public sealed class AbiTests
{
    [Fact]
    public void Baz_OfTheSpecification() => Assert.Equal(
        "cdcd77c0" + Word("45") + Word("1"),
        new Baz { X = 69, Y = true }.GetCallData().ToHex());

    [Fact]
    public void Bar_OfTheSpecification() => Assert.Equal(
        "fce353f6" + "6162630000000000000000000000000000000000000000000000000000000000" + "6465660000000000000000000000000000000000000000000000000000000000",
        new Bar { Values = ["abc"u8.ToArray(), "def"u8.ToArray()] }.GetCallData().ToHex());

    [Fact]
    public void Sam_OfTheSpecification() => Assert.Equal(
        "a5643bf2" + Word("60") + Word("1") + Word("a0") + Word("4") + "6461766500000000000000000000000000000000000000000000000000000000" + Word("3") + Word("1") + Word("2") + Word("3"),
        new Sam { Name = "dave"u8.ToArray(), Flag = true, Numbers = [1, 2, 3] }.GetCallData().ToHex());

    [Fact]
    public void F_OfTheSpecification() => Assert.Equal(
        "8be65246" + Word("123") + Word("80") + "3132333435363738393000000000000000000000000000000000000000000000" + Word("e0")
        + Word("2") + Word("456") + Word("789") + Word("d") + "48656c6c6f2c20776f726c642100000000000000000000000000000000000000",
        new F { A = 0x123, B = [0x456, 0x789], C = "1234567890"u8.ToArray(), D = "Hello, world!"u8.ToArray() }.GetCallData().ToHex());

    [Fact]
    public void G_OfTheSpecification()
    {
        var encoded = "2289b18c" + Word("40") + Word("140") + Word("2") + Word("40") + Word("a0") + Word("2") + Word("1") + Word("2") + Word("1") + Word("3")
            + Word("3") + Word("60") + Word("a0") + Word("e0") + Word("3") + Text("one") + Word("3") + Text("two") + Word("5") + Text("three");
        var g = new G { Numbers = [[1, 2], [3]], Texts = ["one", "two", "three"] };
        Assert.Equal(encoded, g.GetCallData().ToHex());
        Assert.Equivalent(new { g.Numbers, g.Texts }, new G().DecodeInput("0x" + encoded));
    }

    [Theory]
    [InlineData("uint8", "256")]
    [InlineData("uint88", "309485009821345068724781056")]
    [InlineData("uint256", "-1")]
    [InlineData("int8", "128")]
    [InlineData("int8", "-129")]
    public void Number_OutOfItsTypesBounds_IsRefused(string type, string number) =>
        Assert.Throws<AbiEncodingException>(() => new ABIEncode().GetABIEncoded(new ABIValue(type, BigInteger.Parse(number))));

    [Fact]
    public void Bytes_OfAnotherSizeThanTheType_AreRefused()
    {
        Assert.Throws<AbiEncodingException>(() => new ABIEncode().GetABIEncoded(new ABIValue("bytes28", new byte[32])));
        Assert.Throws<AbiEncodingException>(() => new ABIEncode().GetABIEncoded(new ABIValue("bytes32", new byte[31])));
        Assert.Throws<AbiEncodingException>(() => new ABIEncode().GetABIEncoded(new ABIValue("address", "0x" + new string('1', 42))));
    }

    [Fact]
    public void Negative_IsTwosComplement() =>
        Assert.Equal(new string('f', 64), new ABIEncode().GetABIEncoded(new ABIValue("int16", -1)).ToHex());

    [Fact]
    public void NumberTooLargeForItsProperty_Overflows() =>
        Assert.Throws<OverflowException>(() => new Baz().DecodeInput("0xcdcd77c0" + Word("100000000") + Word("1")));

    [Fact]
    public void CutOffEncoding_IsAnError() =>
        Assert.ThrowsAny<Exception>(() => new Sam().DecodeInput("0xa5643bf2" + Word("60") + Word("1")));

    [Fact]
    public void Address_IsReadWithItsChecksum() => // EIP-55's first example
        Assert.Equal("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", new Who().DecodeOutput("0x" + "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed".PadLeft(64, '0')).Value);

    private static string Word(string hex) => hex.PadLeft(64, '0');

    private static string Text(string text) => Encoding.UTF8.GetBytes(text).ToHex().PadRight(64, '0');

    [Function("baz")]
    private sealed class Baz : FunctionMessage
    {
        [Parameter("uint32", "x", 1)]
        public uint X { get; set; }

        [Parameter("bool", "y", 2)]
        public bool Y { get; set; }
    }

    [Function("bar")]
    private sealed class Bar : FunctionMessage
    {
        [Parameter("bytes3[2]", "values", 1)]
        public List<byte[]> Values { get; set; } = [];
    }

    [Function("sam")]
    private sealed class Sam : FunctionMessage
    {
        [Parameter("bytes", "name", 1)]
        public byte[] Name { get; set; } = [];

        [Parameter("bool", "flag", 2)]
        public bool Flag { get; set; }

        [Parameter("uint256[]", "numbers", 3)]
        public List<BigInteger> Numbers { get; set; } = [];
    }

    [Function("f")]
    private sealed class F : FunctionMessage
    {
        [Parameter("uint256", "a", 1)]
        public BigInteger A { get; set; }

        [Parameter("uint32[]", "b", 2)]
        public List<uint> B { get; set; } = [];

        [Parameter("bytes10", "c", 3)]
        public byte[] C { get; set; } = [];

        [Parameter("bytes", "d", 4)]
        public byte[] D { get; set; } = [];
    }

    [Function("g")]
    private sealed class G : FunctionMessage
    {
        [Parameter("uint256[][]", "numbers", 1)]
        public List<List<BigInteger>> Numbers { get; set; } = [];

        [Parameter("string[]", "texts", 2)]
        public List<string> Texts { get; set; } = [];
    }

    [FunctionOutput]
    private sealed class Who : IFunctionOutputDTO
    {
        [Parameter("address", "", 1)]
        public string Value { get; set; } = "";
    }
}
