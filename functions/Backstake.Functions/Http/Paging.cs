using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>
/// One page of a list: <c>?limit=</c> (1 to 200) and <c>?cursor=</c>, which only we understand: after which item it goes on, bound to the list it was given for.
/// A list that only grows gives each item once, however often it grew between two pages.
/// </summary>
/// <param name="After">What the page begins after; null: the first page.</param>
public sealed record Paging(int Limit, string? After)
{
    public const int LimitMost = 200;
    const int LimitDefault = 50;
    const int CursorMost = 1024;
    const byte Version = 1;
    const int BindingBytes = 8;

    public static Asked<Paging> Of(HttpRequest request)
    {
        var limit = LimitDefault;
        if (request.Query.TryGetValue("limit", out var asked)
            && !(asked.Count == 1 && int.TryParse(asked[0], NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LimitMost))
            return new(null, HttpProblems.MalformedAt("limit", $"not a whole number from 1 to {LimitMost}"));
        if (!request.Query.TryGetValue("cursor", out var cursor))
            return new(new(limit, null), null);
        return cursor.Count == 1 && Read(request, cursor[0]) is { } after
            ? new(new(limit, after), null)
            : new(null, HttpProblems.CursorInvalid.Of("Take cursors from the Link header (or next) of the page before, with the same filters; begin again without one.", "cursor"));
    }

    /// <summary>Says where the next page is, in the Link header (RFC 8288), and returns its cursor for the body.</summary>
    /// <param name="last">What the next page begins after; null: this was the last.</param>
    public static string? Next(HttpRequest request, string? last)
    {
        if (last is null)
            return null;
        var cursor = Base64Url.EncodeToString([Version, .. Binding(request), .. Encoding.UTF8.GetBytes(last)]);
        var others = Others(request).Append(new("cursor", cursor)).Select(it => $"{Uri.EscapeDataString(it.Key)}={Uri.EscapeDataString(it.Value)}");
        // Relative: what a client says our name is isn't repeated.
        request.HttpContext.Response.Headers.Link = $"<{request.PathBase}{request.Path.ToUriComponent()}?{string.Join('&', others)}>; rel=\"next\"";
        return cursor;
    }

    static string? Read(HttpRequest request, string? cursor)
    {
        if (cursor is not { Length: > 0 and <= CursorMost } || !Base64Url.IsValid(cursor))
            return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        var isOurs = bytes.Length > 1 + BindingBytes && bytes[0] == Version && bytes.AsSpan(1, BindingBytes).SequenceEqual(Binding(request));
        return isOurs ? Encoding.UTF8.GetString(bytes, 1 + BindingBytes, bytes.Length - 1 - BindingBytes) : null;
    }

    /// <summary>The list that a cursor belongs to: its path, filters and order.</summary>
    static byte[] Binding(HttpRequest request)
    {
        var list = new StringBuilder(request.Path.Value!.ToLowerInvariant());
        foreach (var (name, value) in Others(request).Where(it => it.Key != "limit").OrderBy(it => it.Key, StringComparer.Ordinal))
            list.Append('\n').Append(name).Append('=').Append(value);
        return SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString()))[..BindingBytes];
    }

    static IEnumerable<KeyValuePair<string, string>> Others(HttpRequest request) =>
        from parameter in request.Query
        where parameter.Key is not ("cursor" or "code") // a key is never repeated
        from value in parameter.Value
        select new KeyValuePair<string, string>(parameter.Key, value ?? "");
}
