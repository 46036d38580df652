using System.Globalization;
using System.Text.RegularExpressions;
using Backstake.Accounting;

namespace Backstake.Functions.Hosting.Settings;

/// <summary>The forms that settings have: each gives what is wrong with a text, as the end of a sentence, or null. None repeats the text: it may be a secret.</summary>
static partial class SettingForms
{
    public static string? Any(string text) => null;

    public static string? Token(string text) => text.Any(char.IsWhiteSpace) || text.Contains('$', StringComparison.Ordinal) ? "has blanks or a $ in it" : null;

    public static string? WebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? null : "is no address that begins with http:// or https://";

    /// <summary>Where people sign in nobody may listen: only on one's own machine is http enough.</summary>
    public static string? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == text && origin.UserInfo.Length == 0
            && (origin.Scheme == "https" || (origin.Scheme == "http" && origin.IsLoopback))
            ? null
            : "isn't an origin like https://example.org, without a path (http:// on this machine alone)";

    public static string? Tournaments(string text) =>
        text.Split(',').All(number => number.Trim() is "8" or "11" or "12") ? null : "isn't a list of 8, 11 and 12, parted by commas";

    public static string? Address(string text) => AddressForm().IsMatch(text) ? null : "isn't 0x and 40 hex digits";

    public static string? HostsAndPorts(string text) =>
        text.Split(',').All(it => it.Trim().Split(':') is [{ Length: > 0 }, var port] && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? null
            : "isn't a list like host:port, parted by commas";

    /// <summary>A private key, or the identifier of one version of a key in a key vault.</summary>
    public static string? SignerKey(string text) => PrivateKeyForm().IsMatch(text) || VaultKeyForm().IsMatch(text)
        ? null
        : "isn't 0x and 64 hex digits, nor a key vault's key with its version (https://VAULT.vault.azure.net/keys/NAME/VERSION)";

    public static Func<string, string?> WholeNumber(long least, long most) => text =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"isn't a whole number from {least} to {most}");

    /// <summary>A storage queue hides a message for seven days at most.</summary>
    public static string? Delay(string text) =>
        TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(7)
            ? null
            : "isn't a time from 00:00:00 to 7.00:00:00";

    public static string? Amount(string text) => Nmr.TryParse(text, out var amount) && amount >= Nmr.Zero ? null : "isn't a decimal number of NMR";

    public static string? Schedule(string text) => ScheduleForm().IsMatch(text) ? null : "isn't an NCRONTAB expression of six fields";

    public static string? StorageAccount(string text) => StorageAccountForm().IsMatch(text) ? null : "isn't the name of a storage account (3 to 24 small letters and digits)";

    public static string? ClientId(string text) => Guid.TryParseExact(text, "D", out _) ? null : "isn't a client id (a GUID)";

    [GeneratedRegex("^0x[0-9a-fA-F]{40}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AddressForm();

    [GeneratedRegex("^0x[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PrivateKeyForm();

    [GeneratedRegex("^https://[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)+/keys/[0-9a-zA-Z-]+/[0-9a-f]{32}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VaultKeyForm();

    [GeneratedRegex(@"^[0-9*/,\-A-Za-z]+( +[0-9*/,\-A-Za-z]+){5}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ScheduleForm();

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex StorageAccountForm();
}
