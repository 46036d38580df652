using System.Collections.Concurrent;
using Backstake.Functions.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Ethereum;

/// <summary>What a key of the app may do on chain.</summary>
public enum Role
{
    /// <summary>Commits prediction hashes.</summary>
    Committer,

    /// <summary>Stakes what the books decided.</summary>
    Staker,

    /// <summary>Proposes and accepts settlements, collects rounds, sends holders' claims.</summary>
    Settler,
}

/// <summary>The app's three keys. A setting that begins with https is the identifier of a key in a key vault; any other is the key itself.</summary>
public sealed class Signers(IOptions<EthereumSettings> settings, IConfiguration configuration, Transports transports)
{
    readonly ConcurrentDictionary<Role, ISigner> known = new();

    /// <exception cref="SignerUnavailableException">The key lies in a key vault that can't be asked.</exception>
    public async ValueTask<ISigner> Of(Role role, CancellationToken stop) =>
        known.TryGetValue(role, out var signer) ? signer : known[role] = await Make(role, stop);

    /// <summary>The roles whose keys are set, each key once.</summary>
    public IEnumerable<Role> All() => Enum.GetValues<Role>().Where(role => KeyOf(role).Length > 0).DistinctBy(KeyOf, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the key lies in a key vault.</summary>
    public bool IsInVault(Role role) => KeyOf(role).StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    async ValueTask<ISigner> Make(Role role, CancellationToken stop)
    {
        if (!IsInVault(role))
            return new KeyInProcess(KeyOf(role) is { Length: > 0 } key ? key : throw new InvalidOperationException($"Set Ethereum:{role}Key."), settings.Value.ChainId);
        var options = new KeyVaultOptions();
        transports.KeyVault?.Invoke(options);
        return await KeyVaultKey.Open(new Uri(KeyOf(role)), AppIdentity.Of(configuration), options, stop);
    }

    string KeyOf(Role role) => role switch
    {
        Role.Committer => settings.Value.CommitterKey,
        Role.Staker => settings.Value.StakerKey,
        _ => settings.Value.SettlerKey,
    };
}
