using Microsoft.Extensions.Options;
using Nethereum.Web3.Accounts;

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

/// <summary>The app's three accounts.</summary>
public sealed class Signers(IOptions<EthereumSettings> settings)
{
    readonly Lazy<Account> committer = new(() => Make(settings.Value, settings.Value.CommitterKey, nameof(EthereumSettings.CommitterKey)));
    readonly Lazy<Account> staker = new(() => Make(settings.Value, settings.Value.StakerKey, nameof(EthereumSettings.StakerKey)));
    readonly Lazy<Account> settler = new(() => Make(settings.Value, settings.Value.SettlerKey, nameof(EthereumSettings.SettlerKey)));

    public Account Of(Role role) => role switch
    {
        Role.Committer => committer.Value,
        Role.Staker => staker.Value,
        _ => settler.Value,
    };

    /// <summary>The accounts whose keys are set, each once.</summary>
    public IEnumerable<Account> All() => new[] { (Role.Committer, settings.Value.CommitterKey), (Role.Staker, settings.Value.StakerKey), (Role.Settler, settings.Value.SettlerKey) }
        .Where(it => it.Item2.Length > 0).Select(it => Of(it.Item1)).DistinctBy(account => account.Address, StringComparer.OrdinalIgnoreCase);

    static Account Make(EthereumSettings settings, string key, string name) => key.Length > 0
        ? new Account(key, settings.ChainId)
        : throw new InvalidOperationException($"Set Ethereum:{name} (a private key, from Key Vault).");
}
