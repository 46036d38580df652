using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Rounds;

/// <summary>Section <c>Webhook</c>.</summary>
public sealed class WebhookSettings
{
    /// <summary>The key from which every vault's unguessable path is made. Empty: no webhook is admitted.</summary>
    public string Key { get; set; } = "";
}

/// <summary>The unguessable part of a vault's webhook path: HMAC-SHA256 of the vault's id under the deployment's key. Numerai signs nothing (NUMERAI.md).</summary>
public sealed class Webhooks(IOptions<WebhookSettings> settings)
{
    public string SecretOf(string vault) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key), Encoding.UTF8.GetBytes(vault)));

    /// <summary>Compares in constant time.</summary>
    public bool Admits(string vault, string secret) =>
        settings.Value.Key.Length > 0
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(SecretOf(vault)), Encoding.UTF8.GetBytes(secret));
}
