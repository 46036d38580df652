using System.Globalization;

namespace Backstake.Accounting;

/// <summary>Times as they are written: RFC 3339 in UTC, to the second.</summary>
public static class UtcText
{
    public static string Of(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
