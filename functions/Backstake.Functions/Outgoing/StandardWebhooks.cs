using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backstake.Functions.Outgoing;

/// <summary>What proves to whom we call that a call is ours: Standard Webhooks, HMAC-SHA256 over <c>id.timestamp.body</c>, with every secret that is valid.</summary>
public static class StandardWebhooks
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = "whsec_";

    /// <summary>A signature that is older or newer than this proves nothing.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>So long after a rotation both secrets are valid.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>The header's value: one signature for each secret, parted by blanks.</summary>
    public static string Sign(IEnumerable<string> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var signed = Signed(id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body);
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))));
    }

    /// <summary>As a receiver verifies: with its one secret, any of the signatures, and a clock that is at most <see cref="Tolerance"/> off.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds - now.ToUnixTimeSeconds()) > Tolerance.TotalSeconds)
            return false;
        var right = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), Signed(id, timestamp, body))));
        return signatures.Split(' ').Any(signature => CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(signature)));
    }

    static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);

    static byte[] Signed(string id, string timestamp, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
}
