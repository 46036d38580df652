using System.Numerics;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.Util;
using Newtonsoft.Json;

namespace Backstake.StandIns.Nethereum.Tests;

public sealed class HexTests
{
    [Theory]
    [InlineData("0x0", "0")]
    [InlineData("0x1", "1")]
    [InlineData("0x0a", "10")]
    [InlineData("0x80", "128")]
    [InlineData("0xde0b6b3a7640000", "1000000000000000000")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Quantity_IsReadAndWritten(string hex, string number)
    {
        Assert.Equal(BigInteger.Parse(number), new HexBigInteger(hex).Value);
        Assert.Equal(hex.Replace("0x0a", "0xa", StringComparison.Ordinal), new HexBigInteger(BigInteger.Parse(number)).HexValue);
        Assert.Equal($"\"{hex}\"", JsonConvert.SerializeObject(new HexBigInteger(hex)));
        Assert.Equal(BigInteger.Parse(number), JsonConvert.DeserializeObject<HexBigInteger>($"\"{hex}\"")!.Value);
    }

    [Fact]
    public void Quantities_AreEqualByValue()
    {
        Assert.True(new HexBigInteger("0x0a") == new HexBigInteger(10));
        Assert.True(new HexBigInteger(1) != null);
        Assert.Throws<FormatException>(() => new HexBigInteger("0xzz").Value);
        Assert.ThrowsAny<Exception>(() => new HexBigInteger(-1));
    }

    [Fact]
    public void Bytes_AreReadWithAndWithoutPrefix()
    {
        Assert.Equal([0x0A, 0xBC], "0xabc".HexToByteArray());
        Assert.Equal([0xAB], "ab".HexToByteArray());
        Assert.Empty("0x".HexToByteArray());
        Assert.Equal("0x0abc", new byte[] { 0x0A, 0xBC }.ToHex(true));
        Assert.Throws<FormatException>(() => "0xgg".HexToByteArray());
    }

    [Theory] // EIP-55
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    public void Checksum_IsEip55s(string address)
    {
        Assert.Equal(address, address.ToLowerInvariant().ConvertToEthereumChecksumAddress());
        Assert.True(address.IsEthereumChecksumAddress());
        Assert.True(address.IsTheSameAddress(address.ToLowerInvariant()));
        Assert.True(address.IsValidEthereumAddressHexFormat());
        Assert.False(address[..^1].IsValidEthereumAddressHexFormat());
    }
}
