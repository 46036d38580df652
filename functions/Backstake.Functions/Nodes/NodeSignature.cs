using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Backstake.Functions.Rounds;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Nodes;

/// <summary>
/// What proves to a node that a call is ours: Standard Webhooks, HMAC-SHA256 over <c>id.timestamp.body</c>. A node's secrets are made from the deployment's
/// webhook key and stored nowhere; each has a number, and for a day after a rotation a call is signed with the old one, too.
/// </summary>
public sealed class NodeSignature(IOptions<WebhookSettings> settings)
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = "whsec_";

    /// <summary>A signature that is older or newer than this proves nothing.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>So long after a rotation both secrets are valid.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>Without the deployment's key there are no secrets, and no node is called.</summary>
    public bool IsPossible => settings.Value.Key.Length > 0;

    /// <summary>The secret as its node's delegate is told it, once.</summary>
    public string Secret(string vault, int number) => SecretPrefix + Convert.ToBase64String(Made($"node|{vault}|{number}"));

    /// <summary>The unguessable part of the links by which the node of this vault takes ids and sends its file for this round.</summary>
    public string Ticket(string vault, int round) => Convert.ToHexStringLower(Made($"round|{vault}|{round}"));

    /// <summary>Compares in constant time.</summary>
    public bool Admits(string vault, int round, string ticket) =>
        IsPossible && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Ticket(vault, round)), Encoding.UTF8.GetBytes(ticket));

    /// <summary>The header's value: one signature for each secret, parted by blanks.</summary>
    public static string Sign(IEnumerable<string> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var signed = Signed(id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body);
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))));
    }

    /// <summary>As a node verifies: with its one secret, any of the signatures, and a clock that is at most <see cref="Tolerance"/> off.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds - now.ToUnixTimeSeconds()) > Tolerance.TotalSeconds)
            return false;
        var right = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), Signed(id, timestamp, body))));
        return signatures.Split(' ').Any(signature => CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(signature)));
    }

    byte[] Made(string what) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key), Encoding.UTF8.GetBytes(what));

    static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[SecretPrefix.Length..]);

    static byte[] Signed(string id, string timestamp, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
}
