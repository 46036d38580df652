using System.Globalization;

namespace Backstake.Research;

/// <summary>A prediction as text: digits, one point, an exponent of at most two digits; no sign, no blank, no other alphabet's digits; from 0 to 1, both included.</summary>
public static class PredictionNumber
{
    const int LengthMost = 40; // a double's shortest exact text has 24

    public static bool TryRead(ReadOnlySpan<char> text, out double value)
    {
        value = double.NaN;
        if (text.Length is 0 or > LengthMost || !(char.IsAsciiDigit(text[0]) || text[0] == '.') || text.ContainsAnyExcept("0123456789.eE+-")) return false;
        var exponent = text.IndexOfAny('e', 'E');
        if (exponent >= 0 && text[(exponent + 1)..].TrimStart("+-").Length > 2) return false;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1;
    }
}
