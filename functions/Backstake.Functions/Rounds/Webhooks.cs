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
public sealed class Webhooks(IOptions<WebhookSettings> settings, TimeProvider clock)
{
    /// <summary>So many different calls for a vault are news within a minute; a round has one trigger, and is found by the timer anyway.</summary>
    public const int NewsMost = 5;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly Dictionary<string, IReadOnlyList<(DateTimeOffset At, string? TriggerId)>> taken = new(StringComparer.Ordinal); // of vaults whose path was called: no stranger's

    public string SecretOf(string vault) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key), Encoding.UTF8.GetBytes(vault)));

    /// <summary>Compares in constant time.</summary>
    public bool Admits(string vault, string secret) =>
        settings.Value.Key.Length > 0
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(SecretOf(vault)), Encoding.UTF8.GetBytes(secret));

    /// <summary>
    /// Whether the call says something that wasn't taken in the last minute, and then takes it: a flood of calls, of whoever has the path, must not use up what Numerai lets all vaults ask.
    /// </summary>
    public bool Take(string vault, string? triggerId)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var recent = taken.GetValueOrDefault(vault, []).Where(call => now - call.At < Window).ToList();
            if (recent.Count >= NewsMost || recent.Any(call => call.TriggerId == triggerId))
                return false;
            taken[vault] = [.. recent, (now, triggerId)];
            return true;
        }
    }

    /// <summary>What was taken couldn't be queued: said again it is news.</summary>
    public void GiveBack(string vault, string? triggerId)
    {
        lock (gate)
            taken[vault] = [.. taken[vault].Where(call => call.TriggerId != triggerId)];
    }
}
