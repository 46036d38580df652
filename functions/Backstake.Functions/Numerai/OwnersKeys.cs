using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Backstake.Functions.Hosting;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Numerai;

/// <summary>
/// The Numerai keys of owners whose models lie in their own accounts: each a secret of a key vault that holds nothing else, one a vault, and nowhere else. What is
/// read is remembered in this process for a while. Only <see cref="NumeraiClient"/> gets them, for the calls of one vault's round.
/// </summary>
public sealed class OwnersKeys(
    IOptions<NumeraiSettings> settings, IConfiguration configuration, Transports transports, Secrets secrets, [FromKeyedServices(MachineClock.Key)] TimeProvider clock)
{
    /// <summary>What a vault without a key has: the name of a deleted secret can't be used again for 90 days, so what is taken back is overwritten.</summary>
    const string None = "none";

    /// <summary>After it another instance's change is known here, too.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<string, (long At, NumeraiKey? Key)> known = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    KeyVaultRest? opened;

    /// <summary>Whether this deployment keeps keys of owners.</summary>
    public bool IsPossible => settings.Value.OwnersVault.Length > 0;

    /// <summary>The key for this vault; null: its model lies in the operator's account.</summary>
    /// <exception cref="NumeraiException"><c>numeraiKeyUnavailable</c>: it can't be read, and isn't known here.</exception>
    public async ValueTask<NumeraiKey?> Find(string vault, CancellationToken stop)
    {
        if (!IsPossible)
            return null;
        var isKnown = known.TryGetValue(vault, out var seen);
        if (isKnown && clock.GetElapsedTime(seen.At) < Fresh)
            return seen.Key;
        try
        {
            var key = await Read(vault, stop);
            known[vault] = (clock.GetTimestamp(), key);
            return key;
        }
        catch (NumeraiException) when (isKnown)
        {
            return seen.Key; // the key vault's trouble isn't the vault's as long as its key is known
        }
    }

    /// <summary>From here on it is used; the one before can't be read any more. What failed halfway is done by saying it again.</summary>
    public async Task Put(string vault, NumeraiKey key, CancellationToken stop)
    {
        var before = await Enabled(vault, stop);
        await Set(vault, key.Token, stop);
        secrets.Learn(key.SecretKey);
        known[vault] = (clock.GetTimestamp(), key);
        await Disable(before, stop);
    }

    /// <summary>The key is used no more, and can't be read any more by anybody who only reads. What failed halfway is done by saying it again.</summary>
    public async Task TakeBack(string vault, CancellationToken stop)
    {
        var before = await Enabled(vault, stop);
        if (before.Count > 1 || await Read(vault, stop) is not null)
            await Set(vault, None, stop);
        else
            before = []; // nothing was ever kept, or all of it was taken back
        known[vault] = (clock.GetTimestamp(), null);
        await Disable(before, stop);
    }

    /// <summary>The versions that can be read now, each as its path. All are older than what is set after this: so no other's newer one is ever disabled.</summary>
    async Task<IReadOnlyList<string>> Enabled(string vault, CancellationToken stop)
    {
        var enabled = new List<string>();
        for (var page = $"{NameOf(vault)}/versions"; page is not null;)
        {
            using var answer = await Ask(RequestMethod.Get, page, null, stop);
            if (answer is null)
                break;
            enabled.AddRange(answer.RootElement.GetProperty("value").EnumerateArray().Where(version => version.GetProperty("attributes").GetProperty("enabled").GetBoolean())
                .Select(version => PathOf(version.GetProperty("id").GetString()!)));
            page = answer.RootElement.TryGetProperty("nextLink", out var link) && link.GetString() is { Length: > 0 } next ? PathOf(next) : null;
        }

        return enabled;
    }

    async Task Disable(IReadOnlyList<string> versions, CancellationToken stop)
    {
        foreach (var version in versions)
            (await Ask(RequestMethod.Patch, version, new { attributes = new { enabled = false } }, stop))?.Dispose();
    }

    /// <summary>The host stays ours, whatever the answer says.</summary>
    static string PathOf(string address) => new Uri(address).PathAndQuery.Trim('/');

    async Task<NumeraiKey?> Read(string vault, CancellationToken stop)
    {
        using var answer = await Ask(RequestMethod.Get, NameOf(vault), null, stop);
        if (answer?.RootElement.GetProperty("value").GetString()!.Split('$') is not [var publicId, var secretKey])
            return null;
        secrets.Learn(secretKey);
        return new(publicId, secretKey);
    }

    async Task Set(string vault, string value, CancellationToken stop)
    {
        using var answer = await Ask(RequestMethod.Put, NameOf(vault), new { value }, stop) ?? throw NumeraiException.KeyUnavailable("The key vault of the owners' keys has no place for it.");
    }

    /// <summary>Null: there is no such secret. Nothing of the answer is in any message.</summary>
    async Task<JsonDocument?> Ask(RequestMethod method, string path, object? body, CancellationToken stop)
    {
        try
        {
            var (status, answer) = await Vault().Ask(method, path, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body), stop);
            return answer ?? (status == 404 ? null : throw NumeraiException.KeyUnavailable(
                $"The key vault of the owners' keys {(status == 0 ? "can't be reached" : $"answers with {status}")}: see Numerai__OwnersVault, and that the app's identity is Key Vault Secrets Officer there."));
        }
        catch (Exception failure) when (failure is AuthenticationFailedException or JsonException)
        {
            throw NumeraiException.KeyUnavailable("The key vault of the owners' keys can't be asked: the app's identity gets no token for it, or it isn't a key vault.", failure);
        }
    }

    KeyVaultRest Vault()
    {
        lock (gate)
        {
            if (opened is { } there)
                return there;
            var options = new KeyVaultOptions();
            transports.KeyVault?.Invoke(options);
            return opened = new(new Uri(settings.Value.OwnersVault), transports.Credential ?? AppIdentity.Of(configuration), options);
        }
    }

    static string NameOf(string vault) => $"secrets/numerai-{vault}";
}
