using System.Globalization;
using System.Numerics;

namespace Backstake.Chain.Vault;

/// <summary>
/// A series of units: the high 224 bits of its terms id, whether it is paid out weekly (<c>pay</c>), and the week it joined
/// (CONTRACT.md "Decided" 5). As a number: terms[224] | pay[1] | joinWeek[31].
/// </summary>
/// <param name="TermsPrefix">The first 56 of the terms id's 64 lower-case hex digits.</param>
/// <param name="Pays">Whether live units are paid out weekly.</param>
/// <param name="JoinWeek">The settlement week of the deposit, below 2^31.</param>
public readonly record struct SeriesId(string TermsPrefix, bool Pays, uint JoinWeek)
{
    private const int PrefixDigits = 56;
    private const uint PayBit = 1u << 31;

    /// <exception cref="ArgumentException">The terms id is not 64 lower-case hex digits, or the week is 2^31 or later.</exception>
    public static SeriesId Of(string termsId, bool pays, uint joinWeek)
    {
        if (termsId.Length != 64 || !termsId.All(char.IsAsciiHexDigitLower)) throw new ArgumentException("A terms id is 64 lower-case hex digits: " + termsId, nameof(termsId));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(joinWeek, PayBit);
        return new SeriesId(termsId[..PrefixDigits], pays, joinWeek);
    }

    /// <exception cref="ArgumentOutOfRangeException">The number is not within uint256.</exception>
    public static SeriesId Of(BigInteger number)
    {
        if (number.Sign < 0 || number.GetByteCount(isUnsigned: true) > 32) throw new ArgumentOutOfRangeException(nameof(number), "A series is a uint256.");
        var low = (uint)(number & uint.MaxValue);
        var bytes = (number >> 32).ToByteArray(isUnsigned: true, isBigEndian: true);
        return new SeriesId(Convert.ToHexStringLower(bytes).PadLeft(PrefixDigits, '0')[^PrefixDigits..], (low & PayBit) != 0, low & ~PayBit);
    }

    public BigInteger ToNumber() =>
        (BigInteger.Parse("0" + TermsPrefix, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) << 32) | (Pays ? PayBit : 0) | JoinWeek;

    /// <summary>Whether these are the series' terms, as far as a series can tell.</summary>
    public bool IsOf(string termsId) => termsId.StartsWith(TermsPrefix, StringComparison.Ordinal);
}
