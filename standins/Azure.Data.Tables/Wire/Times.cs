using System.Globalization;

namespace Azure.Data.Tables.Wire;

internal static class Times
{
    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
