using System.Security.Cryptography;
using System.Text;
using Backstake.Functions.Rounds;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Outgoing;

/// <summary>Secrets for calls to others: made from the deployment's webhook key and stored nowhere. Each has a number, so that it can be followed by another one.</summary>
public sealed class OutgoingSecrets(IOptions<WebhookSettings> settings)
{
    /// <summary>Without the deployment's key there are no secrets, and nobody is called.</summary>
    public bool IsPossible => settings.Value.Key.Length > 0;

    /// <summary>The secret as its receiver is told it, once.</summary>
    public string Of(string receiver, int number) => StandardWebhooks.SecretPrefix + Convert.ToBase64String(Made($"{receiver}|{number}"));

    /// <summary>32 bytes that nobody else can make.</summary>
    public byte[] Made(string what) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key), Encoding.UTF8.GetBytes(what));
}
