using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Backstake.Functions.Identity;

/// <summary>A "Sign-In with Ethereum" message (EIP-4361, version 1). Texts are kept as they were written, so that rendering gives the signed bytes again.</summary>
/// <param name="Scheme">Of the origin, without <c>://</c>; null: not named.</param>
/// <param name="Domain">The authority that asks: host and, unless usual, port.</param>
/// <param name="Address">0x and 40 hex digits with EIP-55's capitals.</param>
/// <param name="IssuedAt">RFC 3339, as the two times below.</param>
public sealed partial record SiweMessage(string? Scheme, string Domain, string Address, string? Statement, string Uri, string ChainId, string Nonce, string IssuedAt)
{
    public const string Version = "1";
    public const int LengthMost = 4096; // characters; a wallet shows it all to a person

    const string Asks = " wants you to sign in with your Ethereum account:";

    public string? ExpirationTime { get; init; }
    public string? NotBefore { get; init; }
    public string? RequestId { get; init; }

    /// <summary>Null: the field isn't there; it may be there with none.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>Reads exactly EIP-4361's ABNF and nothing else: null for any other text.</summary>
    public static SiweMessage? Read(string text)
    {
        if (text.Length > LengthMost)
            return null;
        var lines = new Lines(text.Split('\n'));
        if (First().Match(lines.Next() ?? "") is not { Success: true } first || lines.Next() is not { } address || !AddressForm().IsMatch(address) || lines.Next() != "")
            return null;
        var statement = lines.Next();
        if (statement is not "" && (statement is null || !StatementForm().IsMatch(statement) || lines.Next() != ""))
            return null;
        if (lines.Field("URI: ") is not { } uri || !UriForm().IsMatch(uri) || lines.Field("Version: ") != Version
            || lines.Field("Chain ID: ") is not { } chain || !ChainForm().IsMatch(chain) || lines.Field("Nonce: ") is not { } nonce || !NonceForm().IsMatch(nonce)
            || lines.Field("Issued At: ") is not { } issued)
            return null;
        var message = new SiweMessage(
            first.Groups["scheme"].Success ? first.Groups["scheme"].Value : null, first.Groups["domain"].Value, address, statement is "" ? null : statement, uri, chain, nonce, issued)
        {
            ExpirationTime = lines.Field("Expiration Time: "), NotBefore = lines.Field("Not Before: "), RequestId = lines.Field("Request ID: "),
            Resources = lines.Take("Resources:") ? [.. lines.Fields("- ")] : null,
        };
        var isRight = lines.Next() is null
            && new[] { message.IssuedAt, message.ExpirationTime, message.NotBefore }.All(time => time is null || TimeOf(time) is not null)
            && (message.RequestId is not { } id || RequestIdForm().IsMatch(id))
            && (message.Resources ?? []).All(resource => UriForm().IsMatch(resource))
            && message.ToString() == text; // whatever was overlooked would be in the text and not here
        return isRight ? message : null;
    }

    /// <summary>The text that is signed.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Scheme is null ? "" : Scheme + "://").Append(Domain).Append(Asks).Append('\n').Append(Address).Append("\n\n");
        text.Append(Statement is null ? "" : Statement + "\n");
        text.Append("\nURI: ").Append(Uri).Append("\nVersion: ").Append(Version).Append("\nChain ID: ").Append(ChainId).Append("\nNonce: ").Append(Nonce).Append("\nIssued At: ").Append(IssuedAt);
        foreach (var (name, value) in new[] { ("Expiration Time", ExpirationTime), ("Not Before", NotBefore), ("Request ID", RequestId) })
            text.Append(value is null ? "" : $"\n{name}: {value}");
        text.Append(Resources is null ? "" : "\nResources:" + string.Concat(Resources.Select(resource => $"\n- {resource}")));
        return text.ToString();
    }

    /// <summary>RFC 3339's date-time, strictly; null for any other text, also for a day that no calendar has.</summary>
    public static DateTimeOffset? TimeOf(string text) =>
        TimeForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>The lines, taken one after another.</summary>
    sealed class Lines(string[] all)
    {
        int taken;

        public string? Next() => taken < all.Length ? all[taken++] : null;

        public bool Take(string line)
        {
            if (taken == all.Length || all[taken] != line)
                return false;
            taken++;
            return true;
        }

        /// <summary>The rest of the next line if it begins so; else null, and the line is still the next.</summary>
        public string? Field(string name) =>
            taken < all.Length && all[taken].StartsWith(name, StringComparison.Ordinal) ? all[taken++][name.Length..] : null;

        public IEnumerable<string> Fields(string name)
        {
            while (Field(name) is { } value)
                yield return value;
        }
    }

    const RegexOptions Exact = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // The authority: reg-name, IPv4 or a bracketed IPv6, and a port. EIP-4361 allows user info before it; nobody who asks for a signature has any.
    [GeneratedRegex(@"\A((?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?<domain>([A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?) wants you to sign in with your Ethereum account:\z", Exact)]
    private static partial Regex First();

    [GeneratedRegex(@"\A0x[0-9A-Fa-f]{40}\z", Exact)]
    private static partial Regex AddressForm();

    // reserved / unreserved / space (RFC 3986): no line break, no control character, no lookalike letter.
    [GeneratedRegex(@"\A[A-Za-z0-9._~:/?#@!$&'()*+,;= \[\]-]+\z", Exact)]
    private static partial Regex StatementForm();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})+\z", Exact)]
    private static partial Regex UriForm();

    [GeneratedRegex(@"\A[0-9]{1,78}\z", Exact)]
    private static partial Regex ChainForm();

    [GeneratedRegex(@"\A[A-Za-z0-9]{8,128}\z", Exact)]
    private static partial Regex NonceForm();

    [GeneratedRegex(@"\A([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*\z", Exact)]
    private static partial Regex RequestIdForm();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", Exact)]
    private static partial Regex TimeForm();
}
