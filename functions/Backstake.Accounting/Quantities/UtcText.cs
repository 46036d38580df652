using System.Globalization;

namespace Backstake.Accounting;

/// <summary>Times as they are written: RFC 3339 in UTC, to the second.</summary>
public static class UtcText
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static string Of(DateTimeOffset at) => at.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Only what <see cref="Of"/> writes is one; null: it isn't.</summary>
    public static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
