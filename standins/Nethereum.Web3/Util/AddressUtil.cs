using Nethereum.Hex.HexConvertors.Extensions;

namespace Nethereum.Util;

public class AddressUtil
{
    public const string ZERO_ADDRESS = "0x0000000000000000000000000000000000000000";

    public static AddressUtil Current { get; } = new();

    /// <summary>EIP-55's capitals.</summary>
    public string ConvertToChecksumAddress(string address)
    {
        var digits = address.ToLowerInvariant().RemoveHexPrefix();
        var hash = Sha3Keccack.Current.CalculateHash(digits);
        return "0x" + string.Concat(digits.Select((digit, at) => hash[at] > '7' ? char.ToUpperInvariant(digit) : digit));
    }

    public bool IsChecksumAddress(string address) =>
        !string.IsNullOrEmpty(address) && string.Equals(ConvertToChecksumAddress(address), address.EnsureHexPrefix(), StringComparison.Ordinal);

    public bool IsAnEmptyAddress(string address) => string.IsNullOrWhiteSpace(address) || address == "0x0";

    public bool AreAddressesTheSame(string address1, string address2)
    {
        if (IsAnEmptyAddress(address1) || IsAnEmptyAddress(address2)) return IsAnEmptyAddress(address1) && IsAnEmptyAddress(address2);
        return address1.IsTheSameHex(address2);
    }

    public bool IsValidAddressLength(string address) => !string.IsNullOrEmpty(address) && address.RemoveHexPrefix().Length == 40;

    public bool IsValidEthereumAddressHexFormat(string address) =>
        !string.IsNullOrEmpty(address) && address.HasHexPrefix() && IsValidAddressLength(address) && address.IsHex();
}

public static class AddressExtensions
{
    public static string ConvertToEthereumChecksumAddress(this string address) => AddressUtil.Current.ConvertToChecksumAddress(address);

    public static bool IsEthereumChecksumAddress(this string address) => AddressUtil.Current.IsChecksumAddress(address);

    public static bool IsValidEthereumAddressHexFormat(this string address) => AddressUtil.Current.IsValidEthereumAddressHexFormat(address);

    public static bool IsTheSameAddress(this string address, string otherAddress) => AddressUtil.Current.AreAddressesTheSame(address, otherAddress);

    public static bool IsAnEmptyAddress(this string address) => AddressUtil.Current.IsAnEmptyAddress(address);
}
