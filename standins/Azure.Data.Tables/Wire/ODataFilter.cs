using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Wire;

/// <summary>An interpolated filter with its values as OData literals, so that no value can change what the filter says.</summary>
internal static class ODataFilter
{
    public static string Create(FormattableString filter)
    {
        if (filter is null)
            return null;
        var literals = filter.GetArguments().Select((value, place) => (object)Literal(value, place)).ToArray();
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    /// <summary>A text between single quotes: they are doubled.</summary>
    public static string Escape(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static string Literal(object value, int place) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long or ulong => $"{value}L",
        sbyte or byte or short or ushort or int or uint or decimal or float or double => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        Guid id => $"guid'{id}'",
        byte[] bytes => $"X'{Convert.ToHexStringLower(bytes)}'",
        BinaryData bytes => $"X'{Convert.ToHexStringLower(bytes.ToMemory().Span)}'",
        DateTimeOffset time => Time(time.UtcDateTime),
        DateTime time => Time(time.ToUniversalTime()),
        string or char or StringBuilder => $"'{Escape(value.ToString())}'",
        _ => throw new ArgumentException($"Unable to convert argument {place} from type {value.GetType()} to an OData literal.", nameof(value)),
    };

    private static string Time(DateTime utc) => $"datetime'{utc.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ")}'";
}
