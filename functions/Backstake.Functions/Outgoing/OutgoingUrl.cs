namespace Backstake.Functions.Outgoing;

/// <summary>An address that somebody gave us to call, as they wrote it. This is a courtesy: what counts is looked at when it is connected to (<see cref="OutgoingTransport"/>).</summary>
public static class OutgoingUrl
{
    public const int LengthMost = 500;
    static readonly string[] NotPublic = ["localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "arpa", "test", "example", "invalid", "onion", "alt"];

    /// <param name="origin">Our own, which isn't called.</param>
    /// <returns>What is wrong with it, as the end of a sentence; null: nothing that could be seen.</returns>
    public static string? Fault(string text, OutgoingSettings settings, string origin)
    {
        if (text.Length is 0 or > LengthMost || !text.All(character => character is > ' ' and < '\u007F' and not '\\'))
            return $"isn't an address of 1 to {LengthMost} visible ASCII characters";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return "isn't an address";
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            return "has a user or a fragment in it";
        if (url.Scheme is "http" or "https" && settings.Allows(url.Host, url.Port))
            return null;
        if (url.Scheme != Uri.UriSchemeHttps || url.Port != 443)
            return "doesn't begin with https:// or names another port than 443";
        if (url.HostNameType != UriHostNameType.Dns || !IsPublicName(url.IdnHost))
            return "has no public host name";
        return Uri.TryCreate(origin, UriKind.Absolute, out var own) && string.Equals(own.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase) ? "is this app's own" : null;
    }

    static bool IsPublicName(string host)
    {
        var labels = host.ToLowerInvariant().Split('.');
        return labels.Length >= 2
            && Array.TrueForAll(labels, label => label.Length is > 0 and <= 63 && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            && labels[^1].Any(char.IsAsciiLetter) && !labels[^1].StartsWith("0x", StringComparison.Ordinal)
            && !NotPublic.Contains(labels[^1]);
    }
}
